using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;

namespace Rivet.Live.Core.Hls;

/// <summary>One track's media playlist: keeps its segments and parts, publishes a snapshot per change, gives out the bytes.</summary>
internal sealed class MediaPlaylistBoard : IPartSink, IDisposable
{
    private readonly HlsPlan _plan;
    private readonly Func<PlaylistSnapshot, RenderedPlaylist> _render;

    // Guards the collections. Readers of playlists take a snapshot instead.
    private readonly Lock _mediaLock = new();
    private readonly List<SegmentView> _segments = [];
    private readonly Dictionary<long, SegmentView> _complete = [];
    private readonly Dictionary<long, Part> _parts = [];
    private readonly Queue<(SegmentView Segment, double KeptUntil)> _delisted = new();
    private readonly List<ReadOnlyMemory<byte>> _inits = [];
    private PlaylistSnapshot _current;
    private TrackDescription? _track;
    private int _discontinuitiesBefore;
    private long _nextPartNumber;
    private double _delistedSeconds;
    private bool _ended;

    /// <param name="name">The track's name in URIs.</param>
    /// <param name="plan">What never changes.</param>
    /// <param name="burstSeconds">Seconds of media that the publisher sends at once; asked when a snapshot is rendered.</param>
    /// <param name="reports">The other playlists of the broadcast and their newest parts, asked when a snapshot is rendered.</param>
    public MediaPlaylistBoard(
        string name, HlsPlan plan, Func<double> burstSeconds, Func<string, IEnumerable<(string Track, PlaylistPosition Last)>> reports)
    {
        Name = name;
        _plan = plan;
        _render = snapshot => new RenderedPlaylist(MediaPlaylistWriter.Write(plan, burstSeconds(), snapshot, reports(name)));
        _current = new PlaylistSnapshot([], 0, 0, isEnded: false, _render);
    }

    public string Name { get; }

    /// <summary>What the newest init says; null before the first.</summary>
    public TrackDescription? Track => Volatile.Read(ref _track);

    public PlaylistSnapshot Current => Volatile.Read(ref _current);

    /// <summary>The newest state that has the place asked for, or ended; waits for it.</summary>
    /// <exception cref="TimeoutException">Nothing came for three target durations.</exception>
    public async Task<PlaylistSnapshot> WaitForAsync(long mediaSequence, int? part, TimeProvider time, CancellationToken requestAborted)
    {
        long began = time.GetTimestamp();
        PlaylistSnapshot snapshot = Current;
        while (!snapshot.IsEnded && !snapshot.Has(mediaSequence, part))
        {
            snapshot = await WaitNextAsync(snapshot, began, time, requestAborted);
        }

        return snapshot;
    }

    /// <summary>The first state that has media, or ended; waits for it.</summary>
    /// <exception cref="TimeoutException">Nothing came for three target durations.</exception>
    public Task<PlaylistSnapshot> WhenPlayableAsync(TimeProvider time, CancellationToken requestAborted) =>
        WaitForAsync(0, 0, time, requestAborted);

    /// <summary>A part's bytes, which the caller disposes; waits for the part that is hinted; null where there is no such part.</summary>
    /// <exception cref="TimeoutException">The hinted part did not come for three target durations.</exception>
    public async Task<PayloadHold?> OpenPartAsync(long number, TimeProvider time, CancellationToken requestAborted)
    {
        long began = time.GetTimestamp();
        while (true)
        {
            PlaylistSnapshot snapshot = Current;
            lock (_mediaLock)
            {
                if (_parts.TryGetValue(number, out Part? part))
                {
                    return part.Payload.Share();
                }
            }

            if (snapshot.IsEnded || number != snapshot.NextPartNumber)
            {
                return null;
            }

            await WaitNextAsync(snapshot, began, time, requestAborted);
        }
    }

    /// <summary>
    /// A complete segment's bytes, part by part, each of which the caller disposes; nothing for a gap; null where there is no such segment.
    /// </summary>
    public IReadOnlyList<PayloadHold>? OpenSegment(long mediaSequence)
    {
        lock (_mediaLock)
        {
            return _complete.TryGetValue(mediaSequence, out SegmentView? segment)
                ? [.. segment.Parts.Select(static part => part.Payload.Share())]
                : null;
        }
    }

    public ReadOnlyMemory<byte>? FindInit(long number)
    {
        lock (_mediaLock)
        {
            // Typed: a bare null would become an empty init.
            return number < _inits.Count ? _inits[(int)number] : (ReadOnlyMemory<byte>?)null;
        }
    }

    public void InitMade(int initNumber, TrackDescription track, ReadOnlyMemory<byte> init)
    {
        lock (_mediaLock)
        {
            _inits.Add(init);
            Volatile.Write(ref _track, track);
        }
    }

    public void SegmentBegun(SegmentHead head) => Change(() =>
    {
        CompleteLast();
        _segments.Add(new SegmentView(head, [], IsComplete: false, GapSeconds: null));
    });

    public void SegmentLost(SegmentHead head, double durationSeconds) => Change(() =>
    {
        CompleteLast();
        SegmentView lost = new(head, [], IsComplete: true, durationSeconds);
        _segments.Add(lost);
        _complete[head.MediaSequence] = lost;
    });

    public void PartMade(Part part) => Change(() =>
    {
        if (_ended)
        {
            part.Dispose();
            return;
        }

        _parts.Add(part.Number, part);
        _nextPartNumber = part.Number + 1;
        SegmentView growing = _segments[^1];
        _segments[^1] = growing with { Parts = growing.Parts.Add(part) };
    });

    public void Ended() => Change(() =>
    {
        CompleteLast();
        _ended = true;
    });

    /// <summary>Gives all media back; nothing is served any more.</summary>
    public void Dispose() => Change(() =>
    {
        _ended = true;
        foreach (Part part in _parts.Values)
        {
            part.Dispose();
        }

        _parts.Clear();
        _complete.Clear();
        _segments.Clear();
        _delisted.Clear();
    });

    private async Task<PlaylistSnapshot> WaitNextAsync(
        PlaylistSnapshot snapshot, long began, TimeProvider time, CancellationToken requestAborted)
    {
        TimeSpan left = _plan.HoldLimit - time.GetElapsedTime(began);
        return left > TimeSpan.Zero
            ? await snapshot.Next.WaitAsync(left, time, requestAborted)
            : throw new TimeoutException();
    }

    private void Change(Action change)
    {
        PlaylistSnapshot before;
        PlaylistSnapshot after;
        lock (_mediaLock)
        {
            change();
            Delist();
            before = _current;
            after = new PlaylistSnapshot([.. _segments], _discontinuitiesBefore, _nextPartNumber, _ended, _render);
            Volatile.Write(ref _current, after);
        }

        before.ReplacedBy(after);
    }

    private void CompleteLast()
    {
        if (_segments.Count == 0 || _segments[^1].IsComplete)
        {
            return;
        }

        if (_segments[^1].Parts.IsEmpty)
        {
            // Begun, and then nothing came of it: there is nothing to show or to send.
            _segments.RemoveAt(_segments.Count - 1);
            return;
        }

        SegmentView complete = _segments[^1] with { IsComplete = true };
        _segments[^1] = complete;
        _complete[complete.Head.MediaSequence] = complete;
    }

    /// <summary>What has ended is played from its beginning, which should be media: padding and what a rendition came too late for go.</summary>
    private bool BeginsTheEndWithAGap() => _ended && _segments[0].GapSeconds is not null;

    /// <summary>
    /// Takes the oldest segments off the list; their media stays for as long as they last plus the playlist that listed them
    /// (RFC 8216bis 6.2.2), then goes too.
    /// </summary>
    private void Delist()
    {
        double listed = _segments.Where(static segment => segment.IsComplete).Sum(static segment => segment.DurationSeconds);
        while (_segments.Count > 1 && (listed - _segments[0].DurationSeconds >= _plan.ListedSeconds || BeginsTheEndWithAGap()))
        {
            SegmentView oldest = _segments[0];
            _segments.RemoveAt(0);
            _discontinuitiesBefore += oldest.Head.IsDiscontinuity ? 1 : 0;
            _delistedSeconds += oldest.DurationSeconds;
            _delisted.Enqueue((oldest, _delistedSeconds + listed + oldest.DurationSeconds));
            listed -= oldest.DurationSeconds;
        }

        while (_delisted.TryPeek(out (SegmentView Segment, double KeptUntil) next) && next.KeptUntil <= _delistedSeconds)
        {
            SegmentView gone = _delisted.Dequeue().Segment;
            _complete.Remove(gone.Head.MediaSequence);
            foreach (Part part in gone.Parts)
            {
                _parts.Remove(part.Number);
                part.Dispose();
            }
        }
    }
}
