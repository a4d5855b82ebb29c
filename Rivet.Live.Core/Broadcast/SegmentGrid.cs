using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Broadcast;

/// <summary>Where a broadcast's segments begin: decided once, from the driving track, before anybody reads the fragment.</summary>
/// <remarks>
/// The driving track is the first video track, or the first audio track where there is none. Source, renditions and audio ask the same
/// grid, so segment N starts at the same time in all of them. One writer (the publisher), many readers.
/// A segment begins at the keyframe that comes once <c>SegmentSeconds</c> are full, or earlier when the one after it would come too late.
/// When no keyframe comes in time the segment is cut all the same; the renditions put an IDR there and
/// <see cref="SourceFollowsGrid"/> turns false, since <c>source</c> cannot be entered at such a segment.
/// </remarks>
public sealed class SegmentGrid
{
    // Renditions lag by seconds; five minutes of two-second segments are far more than any of them may ask for.
    private const int StartsKept = 150;

    private readonly Lock _startsLock = new();
    private readonly List<SegmentStart> _starts = [];
    private readonly double _segmentSeconds;
    private readonly int _padding;
    private MediaTime? _lastSync;
    private double _lastGopSeconds;
    private bool _cutAtSync;
    private MediaTime? _latest;
    private double _lastSeconds;
    private double _leapInGop;
    private double _leapBefore;

    /// <param name="segmentSeconds">Wanted duration of a segment.</param>
    /// <param name="padding">
    /// Segments of one target duration in front of the first keyframe, numbered like all others, which no track has media for.
    /// </param>
    public SegmentGrid(double segmentSeconds, int padding = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(segmentSeconds);
        _segmentSeconds = segmentSeconds;
        _padding = padding;
        TargetDurationSeconds = (int)Math.Ceiling(segmentSeconds);
        // A duration is compared after rounding to the nearest second (RFC 8216bis 6.2.1): 2.45 s still fits a target of 2.
        LongestSegmentSeconds = TargetDurationSeconds + 0.45;
    }

    /// <summary>EXT-X-TARGETDURATION of every playlist, in seconds.</summary>
    public int TargetDurationSeconds { get; }

    /// <summary>No segment is planned longer than this, in seconds.</summary>
    public double LongestSegmentSeconds { get; }

    /// <summary>False while the publisher's keyframes are too far apart for <c>source</c> to begin its segments with one.</summary>
    public bool SourceFollowsGrid { get; private set; } = true;

    /// <summary>Looks at the driving track's next samples, in decode order, before they are published.</summary>
    public void Observe(Fragment fragment)
    {
        lock (_startsLock)
        {
            _cutAtSync |= fragment.IsDiscontinuity;
            foreach (Sample sample in fragment.Samples)
            {
                double seconds = (double)sample.Duration / fragment.Track.Timescale;
                Observe(new MediaTime(sample.PresentationTime, fragment.Track.Timescale), seconds, sample.IsSync);
            }
        }
    }

    /// <summary>The segment that an instant lies in; null before the first keyframe, where there is padding only.</summary>
    /// <param name="time">Presentation time.</param>
    public SegmentStart? SegmentAt(MediaTime time)
    {
        lock (_startsLock)
        {
            for (int index = _starts.Count - 1; index >= 0; index--)
            {
                if (_starts[index].Start <= time)
                {
                    return _starts[index].MediaSequence < _padding ? null : _starts[index];
                }
            }

            return null;
        }
    }

    /// <summary>The segments that begin after <paramref name="from"/> and before <paramref name="until"/>, as far as they are remembered.</summary>
    public IReadOnlyList<SegmentStart> Between(long from, long until)
    {
        lock (_startsLock)
        {
            return [.. _starts.Where(start => start.MediaSequence > from && start.MediaSequence < until)];
        }
    }

    private void Observe(MediaTime time, double seconds, bool isSync)
    {
        if (_starts.Count == 0)
        {
            if (isSync)
            {
                Pad(time);
                Cut(time);
                _lastSync = time;
            }

            return;
        }

        double elapsed = time.Seconds - _starts[^1].Start.Seconds;
        double step = seconds + Reordering(time, seconds, isSync);
        if (isSync)
        {
            _lastGopSeconds = time.Seconds - _lastSync!.Value.Seconds;
            _lastSync = time;
            bool full = elapsed >= _segmentSeconds - (seconds / 2);
            bool nextComesTooLate = elapsed + _lastGopSeconds > LongestSegmentSeconds;
            if (elapsed > 0 && (full || nextComesTooLate || _cutAtSync))
            {
                Cut(time);
                _cutAtSync = false;
            }

            SourceFollowsGrid |= _lastGopSeconds <= LongestSegmentSeconds && _starts[^1].Start == time;
        }
        else if (elapsed + step > LongestSegmentSeconds || (!SourceFollowsGrid && elapsed >= _segmentSeconds - (seconds / 2)))
        {
            SourceFollowsGrid = false;
            Cut(time);
        }
    }

    /// <summary>
    /// How much further than one sample the next picture to begin a segment with may lie: with B pictures the decode order leaps ahead,
    /// and what lies between belongs to the segment before. Learnt from this GOP and the one before.
    /// </summary>
    private double Reordering(MediaTime time, double seconds, bool isSync)
    {
        if (isSync)
        {
            _leapBefore = _leapInGop;
            _leapInGop = 0;
        }
        else if (_latest is { } latest && time > latest)
        {
            // A hole in the media is no reordering: no encoder looks half a second ahead.
            double leap = time.Seconds - latest.Seconds - _lastSeconds;
            _leapInGop = leap < 0.5 ? Math.Max(_leapInGop, leap) : _leapInGop;
        }

        _latest = _latest is { } before && before > time && !isSync ? before : time;
        _lastSeconds = seconds;
        // A quarter of a picture more, since the times of a jittery source do not leap by the same twice.
        double leapAhead = Math.Max(_leapInGop, _leapBefore);
        return leapAhead > 0 ? leapAhead + (seconds / 4) : 0;
    }

    private void Pad(MediaTime first)
    {
        for (int before = _padding; before > 0; before--)
        {
            Cut(first with { Ticks = first.Ticks - ((long)before * TargetDurationSeconds * first.Timescale) });
        }
    }

    private void Cut(MediaTime time)
    {
        _starts.Add(new SegmentStart(_starts.Count == 0 ? 0 : _starts[^1].MediaSequence + 1, time));
        if (_starts.Count > StartsKept)
        {
            _starts.RemoveAt(0);
        }
    }
}
