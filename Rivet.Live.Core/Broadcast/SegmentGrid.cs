using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Broadcast;

/// <summary>Where a broadcast's segments begin: decided once, from the driving track, before anybody reads the fragment.</summary>
/// <remarks>
/// The driving track is the first video track, or the first audio track where there is none. Source, renditions and audio ask the same
/// grid, so segment N starts at the same time in all of them. One writer (the publisher), many readers.
/// A segment begins at the keyframe that comes once <c>SegmentSeconds</c> are full, or earlier when the one after it would come too late.
/// When no keyframe comes in time the segment is cut all the same; the renditions put an IDR there and
/// <see cref="SourceFollowsGrid"/> turns false, since <c>source</c> cannot be entered at such a segment.
/// Where media is absent a segment ends; segments of the wanted duration go on through the hole, and the keyframe behind it begins one again.
/// What the driving track has not reached is not decided: another track that is ahead of it waits (<see cref="Decides"/>).
/// </remarks>
public sealed class SegmentGrid
{
    // Renditions lag by seconds; five minutes of two-second segments are far more than any of them may ask for.
    private const int StartsKept = 150;

    // Where media is absent for longer, segments begin and end. No encoder looks half a second ahead.
    private const double HoleSeconds = 0.5;

    // No segment is begun for less at the end of a hole.
    private const double ShortestHoleSeconds = 0.1;

    // Only those that renditions may still ask about.
    private const int AbsencesKept = 20;

    private readonly Lock _startsLock = new();
    private readonly List<SegmentStart> _starts = [];
    private readonly double _segmentSeconds;
    private readonly int _padding;
    private MediaTime? _lastSync;
    private double _lastGopSeconds;
    private bool _cutAtSync;
    private bool _discontinuity;
    private readonly List<(MediaTime From, MediaTime Until)> _absences = [];
    private MediaTime? _passedUntil;
    private double _decodedUntil;
    private MediaTime? _latest;
    private double _lastSeconds;
    private double _leapInGop;
    private double _leapBefore;
    private double _decidedUntil = double.NegativeInfinity;
    private TaskCompletionSource? _decides;

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

    /// <summary>Segments in front of the first keyframe, which no track has media for.</summary>
    public int Padding => _padding;

    /// <summary>Media that is absent, as far as it is remembered.</summary>
    public IReadOnlyList<(MediaTime From, MediaTime Until)> Absences
    {
        get
        {
            lock (_startsLock)
            {
                return [.. _absences];
            }
        }
    }

    /// <summary>Wanted duration of a segment, in seconds.</summary>
    public double SegmentSeconds => _segmentSeconds;

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
            if (fragment.IsDiscontinuity)
            {
                Discontinue();
            }

            foreach (Sample sample in fragment.Samples)
            {
                var decoded = new MediaTime(sample.DecodeTime, fragment.Track.Timescale);
                MediaTime shown = decoded with { Ticks = sample.PresentationTime };
                double seconds = (double)sample.Duration / decoded.Timescale;
                Observe(decoded, shown, seconds, sample.IsSync);
                _decidedUntil = Math.Max(_decidedUntil, shown.Seconds + seconds);
            }

            SayDecided();
        }
    }

    /// <summary>Takes over what another grid has decided: this one shows the same and observes nothing itself.</summary>
    /// <param name="starts">Later than those taken over before.</param>
    /// <param name="absences">All that the other one remembers.</param>
    public void Follow(IReadOnlyList<SegmentStart> starts, IReadOnlyList<(MediaTime From, MediaTime Until)> absences)
    {
        lock (_startsLock)
        {
            _starts.AddRange(starts);
            _starts.RemoveRange(0, Math.Max(0, _starts.Count - StartsKept));
            _absences.Clear();
            _absences.AddRange(absences);
        }
    }

    /// <summary>True where it is decided which segment a time lies in.</summary>
    /// <param name="time">Presentation time.</param>
    /// <param name="more">Where it is not: completes when more is decided than now.</param>
    public bool Decides(MediaTime time, out Task more)
    {
        lock (_startsLock)
        {
            bool decided = time.Seconds < _decidedUntil;
            more = decided ? Task.CompletedTask : (_decides ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            return decided;
        }
    }

    /// <summary>The driving track has ended: nothing more is decided, and nobody has to wait for it.</summary>
    public void End()
    {
        lock (_startsLock)
        {
            _decidedUntil = double.PositiveInfinity;
            SayDecided();
        }
    }

    /// <summary>What follows does not continue what was before: the next segment that begins with media says so.</summary>
    public void Discontinue()
    {
        lock (_startsLock)
        {
            _cutAtSync = true;
            _discontinuity = true;
        }
    }

    /// <summary>The driving track's media is absent until then. Whatever still comes for that time is late, in every rendition.</summary>
    /// <param name="until">Later than what was said before.</param>
    public void PassOver(MediaTime until)
    {
        lock (_startsLock)
        {
            _decidedUntil = Math.Max(_decidedUntil, until.Seconds);
            MediaTime from = ReachedUntil();
            if (_starts.Count > 0 && until > from)
            {
                PassOver(from, until);
                Remember(from, until);
            }

            SayDecided();
        }
    }

    /// <summary>True for a time whose media was said to be absent.</summary>
    public bool IsAbsent(MediaTime time)
    {
        lock (_startsLock)
        {
            return _absences.Exists(absence => absence.From <= time && time < absence.Until);
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

    private void Observe(MediaTime decoded, MediaTime time, double seconds, bool isSync)
    {
        // A picture that is shown for so long pauses the broadcast: what follows it is a hole, as if nothing had come.
        seconds = seconds > HoleSeconds && seconds > 2 * _lastSeconds && _lastSeconds > 0 ? _lastSeconds : seconds;
        double hole = decoded.Seconds - _decodedUntil;
        _decodedUntil = decoded.Seconds + seconds;
        if (_starts.Count == 0)
        {
            if (isSync)
            {
                Pad(time);
                Cut(time);
                _lastSync = time;
                _latest = time;
                _lastSeconds = seconds;
            }

            return;
        }

        if (_passedUntil is { } passed && time < passed)
        {
            // Nothing can begin any more where everybody has been told that there is nothing.
            _lastSync = isSync ? time : _lastSync;
            return;
        }

        if (hole > HoleSeconds && time > ReachedUntil())
        {
            PassOver(ReachedUntil(), time);
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
            // A hole in the media is no reordering.
            double leap = time.Seconds - latest.Seconds - _lastSeconds;
            _leapInGop = leap < HoleSeconds ? Math.Max(_leapInGop, leap) : _leapInGop;
        }

        _latest = _latest is { } before && before > time && !isSync ? before : time;
        _lastSeconds = seconds;
        // A quarter of a picture more, since the times of a jittery source do not leap by the same twice.
        double leapAhead = Math.Max(_leapInGop, _leapBefore);
        return leapAhead > 0 ? leapAhead + (seconds / 4) : 0;
    }

    /// <summary>Where the media ends that was seen or said to be absent so far.</summary>
    private MediaTime ReachedUntil()
    {
        MediaTime shown = _latest is { } latest ? After(latest, _lastSeconds) : default;
        return _passedUntil is { } passed && passed > shown ? passed : shown;
    }

    private void PassOver(MediaTime from, MediaTime until)
    {
        _cutAtSync = true;
        bool goesOn = _passedUntil == from;
        MediaTime cut = goesOn || from <= _starts[^1].Start ? After(_starts[^1].Start, _segmentSeconds) : from;
        while (until.Seconds - cut.Seconds > ShortestHoleSeconds)
        {
            Cut(cut, isGap: true);
            cut = After(cut, _segmentSeconds);
        }

        _passedUntil = until;
    }

    private void Remember(MediaTime from, MediaTime until)
    {
        if (_absences is [.., (MediaTime begun, MediaTime reached)] && reached >= from)
        {
            _absences[^1] = (begun, until);
            return;
        }

        _absences.Add((from, until));
        _absences.RemoveRange(0, Math.Max(0, _absences.Count - AbsencesKept));
    }

    private void SayDecided()
    {
        _decides?.SetResult();
        _decides = null;
    }

    private static MediaTime After(MediaTime time, double seconds) => time with { Ticks = time.Ticks + (long)Math.Round(seconds * time.Timescale) };

    private void Pad(MediaTime first)
    {
        for (int before = _padding; before > 0; before--)
        {
            Cut(first with { Ticks = first.Ticks - ((long)before * TargetDurationSeconds * first.Timescale) });
        }
    }

    private void Cut(MediaTime time, bool isGap = false)
    {
        _starts.Add(new SegmentStart(_starts.Count == 0 ? 0 : _starts[^1].MediaSequence + 1, time, _discontinuity && !isGap));
        _discontinuity &= isGap;
        if (_starts.Count > StartsKept)
        {
            _starts.RemoveAt(0);
        }
    }
}
