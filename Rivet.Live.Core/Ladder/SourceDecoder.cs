using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>A video track's fragments in, its pictures out, one compressed sample at a time. Used under the feed's decode lock.</summary>
internal sealed partial class SourceDecoder : IDisposable
{
    private const double HoleSeconds = 0.5;

    // A decoder that fails more often in a row has nothing to give for this sample.
    private const int ReceiveAttempts = 16;

    private readonly Codecs _codecs;
    private readonly DecoderDesk _decoders;
    private readonly BroadcastSession _session;
    private readonly IReadOnlyList<Rendition> _ladder;
    private readonly FrameSpacing _spacing;
    private readonly int _threads;
    private readonly ILogger _logger;
    private readonly Queue<Fragment> _pending = new();
    private readonly Dictionary<long, PictureTiming> _timings = [];
    private PictureScaler[] _scalers = [];
    private Lock[] _scalerLocks = [];
    private IVideoDecoder? _decoder;
    private TrackDescription? _track;
    private long _lastQueued = -1;
    private int _nextSample;
    private long _lastPresentation = long.MinValue;
    private bool _discontinuity;
    private bool _behindHole;
    private long _lastSegment = -1;
    private PictureTiming _lastTiming;
    private long _damaged;
    private bool _draining;

    /// <param name="codecs">Opens scalers.</param>
    /// <param name="decoders">Opens the decoder.</param>
    /// <param name="session">Whose grid says where chunks start.</param>
    /// <param name="ladder">All renditions that are configured.</param>
    /// <param name="spacing">The usual distance of the source's pictures.</param>
    /// <param name="threads">Threads of the decoder.</param>
    /// <param name="logger">Hears of damaged samples.</param>
    public SourceDecoder(
        Codecs codecs, DecoderDesk decoders, BroadcastSession session, IReadOnlyList<Rendition> ladder, FrameSpacing spacing, int threads, ILogger logger)
    {
        _codecs = codecs;
        _decoders = decoders;
        _session = session;
        _ladder = ladder;
        _spacing = spacing;
        _threads = threads;
        _logger = logger;
    }

    /// <summary>The rungs for the source at hand, from the largest to the smallest; empty before the first fragment.</summary>
    public IReadOnlyList<Rung> Rungs { get; private set; } = [];

    public int RungOf(string rendition)
    {
        for (int rung = 0; rung < Rungs.Count; rung++)
        {
            if (Rungs[rung].Rendition.Name == rendition)
            {
                return rung;
            }
        }

        return -1;
    }

    /// <summary>Queues a fragment; false for one that is known already, brought by another rendition's drain.</summary>
    public bool TryQueue(Fragment fragment)
    {
        if (fragment.Sequence <= _lastQueued)
        {
            return false;
        }

        _lastQueued = fragment.Sequence;
        _pending.Enqueue(fragment.Share());
        if (Rungs.Count == 0)
        {
            Rungs = LadderPlanner.Plan(fragment.Track, _ladder);
            _scalers = [.. Rungs.Select(rung => _codecs.OpenScaler(rung.Width, rung.Height, rung.Rendition.KeepsDepth))];
            _scalerLocks = [.. Rungs.Select(static _ => new Lock())];
        }

        return true;
    }

    /// <summary>Decodes one more sample. False where none is queued; true with whatever pictures came out, perhaps none.</summary>
    public bool TryDecodeNext(out IReadOnlyList<LadderPicture> pictures)
    {
        List<LadderPicture> made = [];
        pictures = made;
        if (!_pending.TryPeek(out Fragment? fragment) || (!_draining && !_spacing.IsKnown))
        {
            return false;
        }

        if (_nextSample == 0)
        {
            Begin(fragment, made);
        }

        // Counted as done before it is tried, so that no sample can be met twice.
        Sample sample = fragment.Samples[_nextSample++];
        try
        {
            Send(fragment, sample);
            Receive(made);
        }
        finally
        {
            if (_nextSample == fragment.Samples.Length)
            {
                _pending.Dequeue().Dispose();
                _nextSample = 0;
            }
        }

        return true;
    }

    /// <summary>All pictures still inside: what is queued is decoded, then the decoder is emptied.</summary>
    public IReadOnlyList<LadderPicture> Drain()
    {
        List<LadderPicture> made = [];
        _draining = true;
        while (TryDecodeNext(out IReadOnlyList<LadderPicture> pictures))
        {
            made.AddRange(pictures);
        }

        Flush(made);
        return made;
    }

    public void Dispose()
    {
        while (_pending.TryDequeue(out Fragment? fragment))
        {
            fragment.Dispose();
        }

        _decoder?.Dispose();
        _decoder = null;
        foreach (PictureScaler scaler in _scalers)
        {
            scaler.Dispose();
        }

        _scalers = [];
    }

    private void Begin(Fragment fragment, List<LadderPicture> made)
    {
        if (fragment.IsDiscontinuity)
        {
            Flush(made);
            _discontinuity = true;
        }

        if (_track is null || !_track.IsSameStreamAs(fragment.Track))
        {
            Flush(made);
            _decoder?.Dispose();
            _decoder = null;
            _track = fragment.Track;
        }

        if (!_discontinuity)
        {
            ForgetPastTimings();
        }

        foreach ((long presentationTime, PictureTiming timing) in PictureTiming.Of(fragment.Samples, fragment.Arrival))
        {
            _timings[presentationTime] = timing;
        }
    }

    private void Send(Fragment fragment, in Sample sample)
    {
        try
        {
            if ((_decoder is null && !sample.IsSync) || sample.Bytes == 0)
            {
                // Nothing can be decoded before the first keyframe, and nothing is in an empty sample.
                return;
            }

            _decoder ??= _decoders.Open(fragment.Track, _threads, $"{_session.Broadcast} decode");
            _decoder.Send(fragment.BytesOf(sample), sample.DecodeTime, sample.PresentationTime, sample.IsSync);
        }
        catch (CodecException exception)
        {
            // By design: one damaged sample costs its picture; the decoder heals at the next keyframe.
            CountDamaged(exception);
        }
    }

    private bool TryReceive([NotNullWhen(true)] out Picture? picture)
    {
        for (int attempt = 0; attempt < ReceiveAttempts && _decoder is not null; attempt++)
        {
            try
            {
                return _decoder.TryReceive(out picture);
            }
            catch (CodecException exception)
            {
                // By design: as in Send. What was lost is lost; there may be more behind it.
                CountDamaged(exception);
            }
        }

        picture = null;
        return false;
    }

    private void CountDamaged(CodecException exception)
    {
        long count = Interlocked.Increment(ref _damaged);
        if (long.IsPow2(count))
        {
            LogDamaged(_logger, _session.Broadcast, count, exception.Message);
        }
    }

    private void Receive(List<LadderPicture> made)
    {
        while (TryReceive(out Picture? picture))
        {
            if (picture.PresentationTime <= _lastPresentation && !_discontinuity)
            {
                picture.Dispose();
                continue;
            }

            PictureTiming timing = TakeTiming(picture.PresentationTime);
            _behindHole |= IsBehindHole(picture.PresentationTime);
            if (_session.Grid.IsAbsent(new MediaTime(picture.PresentationTime, _track!.Timescale)))
            {
                // It came too late: every viewer has been told that there is nothing at its time.
                _lastPresentation = picture.PresentationTime;
                _behindHole = true;
                picture.Dispose();
                continue;
            }

            made.Add(new LadderPicture(picture, timing, Rungs, _scalers, _scalerLocks)
            {
                Source = _track!,
                StartsChunk = StartsSegment(picture.PresentationTime) || timing.IsSync || _behindHole,
                IsDiscontinuity = _discontinuity,
                FrameTicks = _spacing.IsKnown ? _spacing.TicksAt(_track!.Timescale) : Math.Max(1, timing.Duration),
            });
            _lastPresentation = picture.PresentationTime;
            _discontinuity = false;
            _behindHole = false;
        }
    }

    /// <summary>True for a picture that a player may have to begin with, since nothing was shown for a while before it.</summary>
    private bool IsBehindHole(long presentationTime) =>
        _lastPresentation != long.MinValue && presentationTime - _lastPresentation > Math.Max(_track!.Timescale * HoleSeconds, 2.0 * _spacing.TicksAt(_track.Timescale));

    /// <summary>What the source said of a picture; of one whose time it never named, what it said of the picture before.</summary>
    private PictureTiming TakeTiming(long presentationTime)
    {
        _lastTiming = _timings.Remove(presentationTime, out PictureTiming timing) ? timing : _lastTiming with { IsSync = false };
        return _lastTiming;
    }

    /// <summary>Samples that gave no picture must not leave their times here for ever.</summary>
    private void ForgetPastTimings()
    {
        foreach (long past in _timings.Keys.Where(time => time < _lastPresentation).ToArray())
        {
            _timings.Remove(past);
        }
    }

    /// <summary>True for the first picture of a segment that comes out, even if the one at its very beginning was lost.</summary>
    private bool StartsSegment(long presentationTime)
    {
        var time = new MediaTime(presentationTime, _track!.Timescale);
        if (_session.Grid.SegmentAt(time) is not { } segment || segment.MediaSequence <= _lastSegment)
        {
            return false;
        }

        _lastSegment = segment.MediaSequence;
        return true;
    }

    private void Flush(List<LadderPicture> made)
    {
        if (_decoder is null)
        {
            return;
        }

        _decoder.Drain();
        Receive(made);
        _decoder.Reset();
        _timings.Clear();
    }

    [LoggerMessage(5001, LogLevel.Warning, "{Broadcast}: {Count} samples could not be decoded so far; the last one: {Error}")]
    private static partial void LogDamaged(ILogger logger, BroadcastId broadcast, long count, string error);
}
