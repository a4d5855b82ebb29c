using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Packaging;

/// <summary>Turns one track's fragments into parts and segments, whatever size the fragments have.</summary>
/// <remarks>
/// Segments begin where the broadcast's grid says, the same for every track. A part that is full enough is closed as soon as one more
/// sample of the same duration would overfill it, without waiting for that sample; any part by a sample that would overfill it, and where decode times run backwards. A part lasts from its first
/// sample's decode time to its last one's end, whatever the durations between say. Its bytes are copied once, into the part; segments
/// are lists of parts.
/// </remarks>
internal sealed class TrackPackager(BroadcastSession session, PayloadPool pool, IPartSink sink)
{
    private readonly List<PartSample> _pending = [];
    private TrackDescription? _track;
    private SegmentHead? _segment;
    private int _initNumber = -1;
    private int _partIndex;
    private long _partNumber;
    private bool _discontinuity;
    private double _partSeconds;

    /// <summary>Packages until the track has ended, then says so to the sink.</summary>
    public async Task RunAsync(FragmentSubscription subscription, CancellationToken aborting)
    {
        try
        {
            _partSeconds = await session.Parts.WhenDecided.WaitAsync(aborting);
            while (await subscription.ReadAsync(aborting) is { } fragment)
            {
                using (fragment)
                {
                    Accept(fragment);
                }
            }

            ClosePart();
        }
        finally
        {
            subscription.Dispose();
            Forget();
            sink.Ended();
        }
    }

    private void Accept(Fragment fragment)
    {
        Follow(fragment);
        foreach (Sample sample in fragment.Samples)
        {
            Accept(fragment, sample);
        }
    }

    /// <summary>A new init, or samples that do not continue: what was begun is closed, and what follows says so.</summary>
    private void Follow(Fragment fragment)
    {
        bool sameStream = _track is not null && _track.IsSameStreamAs(fragment.Track);
        if (sameStream && !fragment.IsDiscontinuity)
        {
            return;
        }

        ClosePart();
        if (!sameStream)
        {
            _track = fragment.Track;
            _initNumber++;
            sink.InitMade(_initNumber, _track, InitSegmentWriter.Write(_track));
        }

        _discontinuity = _segment is not null;
    }

    private void Accept(Fragment fragment, in Sample sample)
    {
        var time = new MediaTime(sample.PresentationTime, fragment.Track.Timescale);
        if (session.Grid.SegmentAt(time) is not { } start)
        {
            // Before the first keyframe there is nothing that a player could begin with.
            return;
        }

        bool begins = _segment is null || start.MediaSequence > _segment.MediaSequence;
        if (_discontinuity && !begins)
        {
            // What does not continue must begin a segment; until the grid has one, there is no place for these samples.
            return;
        }

        if (begins)
        {
            ClosePart();
            Begin(start.MediaSequence, time);
        }
        else if (_pending.Count > 0 && (sample.DecodeTime < _pending[^1].Sample.DecodeTime || TicksUntil(sample.DecodeEnd) > PartTicks))
        {
            ClosePart();
        }

        _pending.Add(new PartSample(sample, fragment.Share()));
        bool isFull = TicksUntil(sample.DecodeEnd) >= PartTargetRule.LeastFill * PartTicks;
        if (isFull && TicksUntil(sample.DecodeEnd + sample.Duration) > PartTicks)
        {
            ClosePart();
        }
    }

    /// <summary>A millionth of a tick is forgiven: 0.7 s of 90 000 ticks are 62 999.999…</summary>
    private long PartTicks => (long)Math.Floor((_partSeconds * _track!.Timescale) + 1e-6);

    /// <summary>From the pending part's beginning; what of it lies before zero is not written.</summary>
    private long TicksUntil(long decodeTime) => decodeTime - Math.Max(0, _pending[0].Sample.DecodeTime);

    private void Begin(long mediaSequence, MediaTime start)
    {
        // Also what lies before the track's first: the grid's padding, and segments that a rendition came too late for.
        foreach (SegmentStart lost in session.Grid.Between(_segment?.MediaSequence ?? -1, mediaSequence))
        {
            MediaTime end = session.Grid.Between(lost.MediaSequence, lost.MediaSequence + 2) is [SegmentStart next, ..] ? next.Start : start;
            sink.SegmentLost(Head(lost.MediaSequence, lost.Start, isDiscontinuity: false), end.Seconds - lost.Start.Seconds);
        }

        _segment = Head(mediaSequence, start, _discontinuity);
        _discontinuity = false;
        _partIndex = 0;
        sink.SegmentBegun(_segment);
    }

    private SegmentHead Head(long mediaSequence, MediaTime start, bool isDiscontinuity) => new(
        mediaSequence,
        start.FloorTo(_track!.Timescale),
        session.WallClockOf(start) ?? throw new InvalidOperationException("Media was published before its session had a wall clock."),
        _initNumber,
        isDiscontinuity);

    private void ClosePart()
    {
        if (_pending.Count == 0)
        {
            return;
        }

        Sample first = _pending[0].Sample;
        PayloadHold payload = PartWriter.Write(pool, (uint)(_partNumber + 1), _track!.Kind, [.. _pending]);
        sink.PartMade(new Part(
            _partNumber++,
            _segment!.MediaSequence,
            _partIndex++,
            new MediaTime(first.PresentationTime, _track.Timescale),
            Math.Max(0, TicksUntil(_pending[^1].Sample.DecodeEnd)),
            _pending.Count,
            first.IsSync,
            payload));
        Forget();
    }

    private void Forget()
    {
        _pending.ForEach(static pending => pending.Source.Dispose());
        _pending.Clear();
    }
}
