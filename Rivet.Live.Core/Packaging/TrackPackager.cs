using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Packaging;

/// <summary>Turns one track's fragments into parts and segments, whatever size the fragments have.</summary>
/// <remarks>
/// Segments begin where the broadcast's grid says, the same for every track. A part that is full enough is closed by the sample that reaches
/// the next cut, or as soon as one more of the same duration would overfill it, without waiting for that sample; any part by a sample that would
/// overfill it, and where decode times run backwards. Parts follow each other without a break: a small hole in front of a part belongs to it, a larger one is
/// told as parts without media (GAP=YES), and so is what the publisher's clock says will not come. Media that comes for a time already told
/// as absent is late: it is dropped, and video goes on with its next keyframe. Bytes are copied once, into the part; segments are lists of parts.
/// </remarks>
internal sealed class TrackPackager(BroadcastSession session, PayloadPool pool, IPartSink sink, TimeProvider time)
{
    private readonly List<PartSample> _pending = [];
    private TrackDescription? _track;
    private SegmentHead? _segment;

    // Where the pending part begins, and where all that was taken so far ends: decode times, in ticks and on the timeline.
    private long _partStart;
    private MediaTime _end;
    private MediaTime? _absentUntil;
    private int _initNumber = -1;
    private int _partIndex;
    private long _partNumber;
    private bool _segmentHasGap;
    private bool _awaitsSegment;
    private bool _awaitsSync;
    private PartLength _parts;

    // The decode time that the grid's start of the segment has in this track.
    private long _segmentStart;

    /// <summary>Packages until the track has ended, then says so to the sink.</summary>
    public async Task RunAsync(FragmentSubscription subscription, CancellationToken aborting)
    {
        try
        {
            _parts = await session.Parts.WhenDecided.WaitAsync(aborting);
            while (await subscription.ReadAsync(aborting) is { } fragment)
            {
                using (fragment)
                {
                    await AcceptAsync(fragment, aborting);
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

    private async Task AcceptAsync(Fragment fragment, CancellationToken aborting)
    {
        if (fragment.IsAbsence)
        {
            await UntilDecidedAsync(fragment.End with { Ticks = fragment.End.Ticks - 1 }, aborting);
            PassOver(fragment.End, isOver: false);
            return;
        }

        Follow(fragment);
        for (int index = 0; index < fragment.Samples.Length; index++)
        {
            Sample sample = fragment.Samples[index];
            await UntilDecidedAsync(new MediaTime(sample.PresentationTime, fragment.Track.Timescale), aborting);
            Accept(fragment, sample);
        }
    }

    /// <summary>A track that is ahead of the one that drives the grid waits for it.</summary>
    private async ValueTask UntilDecidedAsync(MediaTime time, CancellationToken aborting)
    {
        while (!session.Grid.Decides(time, out Task more))
        {
            await more.WaitAsync(aborting);
        }
    }

    /// <summary>A new init, or samples that do not continue: what was begun is closed, and what follows begins a segment.</summary>
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

        _awaitsSegment = _segment is not null;
    }

    private void Accept(Fragment fragment, in Sample sample)
    {
        var time = new MediaTime(sample.PresentationTime, fragment.Track.Timescale);
        if (session.Grid.SegmentAt(time) is not { } start)
        {
            // Before the first keyframe there is nothing that a player could begin with.
            return;
        }

        if (IsUnusable(sample, start))
        {
            PassOver(TimeOf(sample.DecodeEnd), isOver: false);
            return;
        }

        bool begins = Begins(start);
        if (begins)
        {
            Begin(start, time, sample);
        }

        Sample taken = sample with { Duration = (int)Math.Min(sample.Duration, LongestOf(sample)) };
        if (!begins)
        {
            Continue(taken);
        }

        _pending.Add(new PartSample(taken, fragment.Share()));
        _end = TimeOf(taken.DecodeEnd);
        bool isFull = TicksUntil(taken.DecodeEnd) >= PartTargetRule.LeastFill * PartTicks;
        if (taken.Duration < sample.Duration)
        {
            PassOver(TimeOf(sample.DecodeEnd), isOver: false);
        }
        else if (isFull && (ReachesCut(taken) || TicksUntil(taken.DecodeEnd + taken.Duration) > PartTicks))
        {
            ClosePart();
        }
    }

    /// <summary>A millionth of a tick is forgiven: 0.7 s of 90 000 ticks are 62 999.999…</summary>
    private long PartTicks => (long)Math.Floor((_parts.TargetSeconds * _track!.Timescale) + 1e-6);

    /// <summary>True for the frame at whose end parts of all tracks are cut.</summary>
    private bool ReachesCut(in Sample sample)
    {
        double every = _parts.EverySeconds * _track!.Timescale;
        double next = Math.Round((Math.Floor((sample.DecodeTime - _segmentStart) / every) + 1) * every);
        return sample.DecodeEnd - _segmentStart >= next;
    }

    private long EndTicks => _end.FloorTo(_track!.Timescale).Ticks;

    private MediaTime TimeOf(long ticks) => new(ticks, _track!.Timescale);

    /// <summary>From the pending part's beginning; what of it lies before zero is not written.</summary>
    private long TicksUntil(long decodeTime) => decodeTime - _partStart;

    private bool Begins(SegmentStart start) => _segment is null || start.MediaSequence > _segment.MediaSequence;

    /// <summary>The segment behind the one that was begun last, where the grid has one.</summary>
    private SegmentStart? NextSegment() =>
        session.Grid.Between(_segment!.MediaSequence, _segment.MediaSequence + 2) is [SegmentStart next, ..] ? next : null;

    /// <summary>True for a sample that comes too late, that needs one which did, or that needs another init than the segment has.</summary>
    private bool IsUnusable(in Sample sample, SegmentStart start)
    {
        // More than half of it: rounding must not cost a keyframe.
        if (_absentUntil is { } absent && TimeOf(sample.DecodeTime + (sample.Duration / 2)) < absent)
        {
            _awaitsSync = _track!.Kind == TrackKind.Video;
            sink.SampleLate();
            return true;
        }

        if (_awaitsSync && !sample.IsSync)
        {
            return true;
        }

        _awaitsSync = false;
        return _awaitsSegment && !Begins(start);
    }

    /// <summary>A picture is shown for one part at most, and not into the next segment: the rest of a pause is absent media.</summary>
    private long LongestOf(in Sample sample)
    {
        if (sample.Duration <= PartTicks)
        {
            return sample.Duration;
        }

        long untilNext = NextSegment() is { } next ? next.Start.FloorTo(_track!.Timescale).Ticks - sample.DecodeTime : PartTicks;
        return untilNext > 0 ? Math.Min(untilNext, PartTicks) : PartTicks;
    }

    private void Begin(SegmentStart start, MediaTime time, in Sample sample)
    {
        ClosePart();
        bool hasBegun = _segment is not null;
        if (hasBegun && sample.DecodeTime - EndTicks > Math.Min(sample.Duration, PartTicks / 2))
        {
            // Up to the segment only: what a track is late for at its beginning is no reason to call all of it a gap.
            PassOver(start.Start < TimeOf(sample.DecodeTime) ? start.Start : TimeOf(sample.DecodeTime), isOver: true);
        }

        if (Begins(start))
        {
            // What lies before the track's first: the grid's padding, and segments that a rendition came too late for.
            foreach (SegmentStart lost in session.Grid.Between(_segment?.MediaSequence ?? -1, start.MediaSequence))
            {
                MediaTime end = session.Grid.Between(lost.MediaSequence, lost.MediaSequence + 2) is [SegmentStart next, ..] ? next.Start : time;
                sink.SegmentLost(Head(lost, lost.Start, _initNumber), end.Seconds - lost.Start.Seconds);
            }

            Begin(Head(start, time, _initNumber));
            _segmentStart = sample.DecodeTime - (sample.PresentationTime - start.Start.FloorTo(_track!.Timescale).Ticks);
        }

        if (hasBegun && sample.DecodeTime - EndTicks > PartTicks)
        {
            PassOver(TimeOf(sample.DecodeTime), isOver: true);
        }

        _awaitsSegment = false;
        _partStart = Math.Max(0, sample.DecodeTime);
    }

    private void Begin(SegmentHead head)
    {
        _segment = head;
        _partIndex = 0;
        _segmentHasGap = false;
        sink.SegmentBegun(head);
    }

    private void Continue(in Sample sample)
    {
        if (_pending.Count > 0 && (sample.DecodeTime < _pending[^1].Sample.DecodeTime || TicksUntil(sample.DecodeEnd) > PartTicks))
        {
            ClosePart();
        }

        if (_pending.Count > 0)
        {
            return;
        }

        long hole = sample.DecodeTime - EndTicks;
        bool isBehindGap = _absentUntil == _end;
        if (hole > 0 && (hole + sample.Duration > PartTicks || (isBehindGap && hole > sample.Duration)))
        {
            PassOver(TimeOf(sample.DecodeTime), isOver: true);
            hole = 0;
        }

        // Nothing is bridged behind a gap, where whoever plays begins anew: the part lasts as long as its samples.
        _partStart = Math.Max(0, hole > 0 && !isBehindGap ? EndTicks : sample.DecodeTime);
    }

    private SegmentHead Head(SegmentStart segment, MediaTime start, int initNumber) => new(
        segment.MediaSequence,
        start,
        session.WallClockOf(start) ?? throw new InvalidOperationException("Media was published before its session had a wall clock."),
        initNumber,
        segment.IsDiscontinuity);

    /// <summary>Nothing comes until then: parts without media, one target long, and segments of them as the grid cuts them.</summary>
    /// <param name="until">Decode time.</param>
    /// <param name="isOver">Media begins there; otherwise what is much less than a part waits until more is known.</param>
    private void PassOver(MediaTime until, bool isOver)
    {
        if (_segment is null || until <= _end)
        {
            return;
        }

        ClosePart();
        long last = until.FloorTo(_track!.Timescale).Ticks;
        for (long left = last - EndTicks; left > 0 && (isOver || left >= PartTargetRule.LeastFill * PartTicks); left = last - EndTicks)
        {
            SegmentStart? next = NextSegment();
            long untilNext = next is { } behind ? behind.Start.FloorTo(_track.Timescale).Ticks - EndTicks : long.MaxValue;
            if (untilNext <= 0)
            {
                Begin(Head(next!.Value, next.Value.Start, _segment.InitNumber));
                _segmentStart = EndTicks;
            }
            else if (_partIndex > 0 && !_segmentHasGap && untilNext <= left && untilNext < PartTicks)
            {
                // Tracks do not end at the same instant: what is missing to the segment's end is no reason to call all of it a gap.
                _end = TimeOf(EndTicks + untilNext);
            }
            else
            {
                MakeGap(Math.Min(Math.Min(left, untilNext), PartTicks));
            }
        }
    }

    private void MakeGap(long ticks)
    {
        sink.PartMade(new Part(
            _partNumber++, _segment!.MediaSequence, _partIndex++, TimeOf(EndTicks), ticks, SampleCount: 0, IsIndependent: false, pool.Copy(GapSegment.Write(EndTicks).Span)));
        _segmentHasGap = true;
        _end = TimeOf(EndTicks + ticks);
        _absentUntil = _end;
    }

    private void ClosePart()
    {
        if (_pending.Count == 0)
        {
            return;
        }

        Sample first = _pending[0].Sample;
        Fragment last = _pending[^1].Source;
        PayloadHold payload = PartWriter.Write(pool, (uint)(_partNumber + 1), _track!.Kind, [.. _pending]);
        sink.PartMade(new Part(
            _partNumber++,
            _segment!.MediaSequence,
            _partIndex++,
            TimeOf(first.PresentationTime),
            Math.Max(0, TicksUntil(_pending[^1].Sample.DecodeEnd)),
            _pending.Count,
            first.IsSync,
            payload,
            PartMoments.Of(last, time))
        {
            FrameSeconds = _pending.Count > 1
                ? (double)(_pending[^1].Sample.DecodeEnd - _pending[1].Sample.DecodeTime) / (_pending.Count - 1) / _track.Timescale
                : null,
        });
        Forget();
    }

    private void Forget()
    {
        _pending.ForEach(static pending => pending.Source.Dispose());
        _pending.Clear();
    }
}
