using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;
using Rivet.Live.Core.Shelf;

namespace Rivet.Live.Core.Hls;

/// <summary>One track's media playlist: lists its segments and parts, and publishes a snapshot per change. The bytes are on its shelf.</summary>
internal sealed class MediaPlaylistBoard : IPartSink, IDisposable
{
    private readonly HlsPlan _plan;
    private readonly TimeProvider _time;
    private readonly PlaylistRenderer _renderer;

    private readonly MediaShelf _shelf;
    private readonly TrackBandwidth _bandwidth;

    // Guards the list. Readers of playlists take a snapshot instead.
    private readonly Lock _listLock = new();
    private readonly List<SegmentView> _segments = [];
    private PlaylistSnapshot _current;
    private TrackDescription? _track;
    private int _discontinuitiesBefore;
    private int _withoutParts;
    private long _nextPartNumber;
    private bool _ended;
    private long _lateSamples;
    private double _gapSeconds;
    private long _lastPartAt;
    private Part? _listing;

    /// <param name="name">The track's name in URIs.</param>
    /// <param name="plan">What never changes.</param>
    /// <param name="reports">The other playlists of the broadcast and their newest parts, asked when a snapshot is rendered.</param>
    /// <param name="cappedBps">Bits per second that the track's encoder cannot exceed over a segment; null where it is not ours.</param>
    /// <param name="spill">Where its segments go when they are no longer hot; null keeps them in memory.</param>
    /// <param name="time">The clock; null is the system's.</param>
    /// <param name="dateRanges">The broadcast's; null where there are none.</param>
    public MediaPlaylistBoard(
        string name,
        HlsPlan plan,
        Func<string, IEnumerable<(string Track, PlaylistPosition Last)>> reports,
        long? cappedBps = null,
        SpillFolder? spill = null,
        TimeProvider? time = null,
        DateRanges? dateRanges = null)
    {
        Name = name;
        _time = time ?? TimeProvider.System;
        Latency = new StageLatency(_time);
        PartIntervalMilliseconds = SlidingPercentiles.OverAMinute(_time);
        _plan = plan;
        _shelf = new MediaShelf(name, plan.PartsListedSeconds + plan.PartsKeptSeconds, spill);
        _bandwidth = new TrackBandwidth(plan.TargetDurationSeconds, cappedBps);
        _renderer = new PlaylistRenderer(name, plan, reports, dateRanges);
        _current = new PlaylistSnapshot([], 0, 0, isEnded: false, _renderer);
    }

    public string Name { get; }

    /// <summary>What the newest init says; null before the first.</summary>
    public TrackDescription? Track => Volatile.Read(ref _track);

    /// <summary>Samples that came after their time had been told as absent.</summary>
    public long LateSamples => Interlocked.Read(ref _lateSamples);

    /// <summary>Seconds told as absent so far, behind the first media.</summary>
    public double GapSeconds => Volatile.Read(ref _gapSeconds);

    /// <summary>Where the time of its parts goes.</summary>
    public StageLatency Latency { get; }

    /// <summary>Milliseconds between two parts of media that came one after the other: their cadence.</summary>
    public SlidingPercentiles PartIntervalMilliseconds { get; }

    /// <summary>Bits per second for the master playlist: of any segment at most, and on average.</summary>
    public (long Peak, long Average) Bandwidth => _bandwidth.Read(Current.Segments.LastOrDefault(static segment => segment.PartCount > 0));

    /// <summary>The same of its I-frame playlist, at most.</summary>
    public long KeyframeBandwidth => _bandwidth.ReadKeyframes(Current.Segments.LastOrDefault(static segment => segment.PartCount > 0));

    /// <summary>Bytes held in memory and on disk.</summary>
    public (long InMemory, long OnDisk) Bytes => (_shelf.BytesInMemory, _shelf.BytesOnDisk);

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

    /// <summary>A part's bytes; waits for the part that is hinted; null where there is no such part.</summary>
    /// <exception cref="TimeoutException">The hinted part did not come for three target durations.</exception>
    public async Task<MediaBytes?> OpenPartAsync(long number, TimeProvider time, CancellationToken requestAborted)
    {
        long began = time.GetTimestamp();
        while (true)
        {
            // In this order: what is not on the shelf now and not hinted before will not come.
            PlaylistSnapshot snapshot = Current;
            if (_shelf.OpenPart(number) is { } part)
            {
                Latency.Fetched(number);
                return part;
            }

            if (snapshot.IsEnded || number != snapshot.NextPartNumber)
            {
                return null;
            }

            await WaitNextAsync(snapshot, began, time, requestAborted);
        }
    }

    /// <summary>A complete segment's bytes, also of one that is a gap; null where there is no such segment.</summary>
    public ValueTask<MediaBytes?> OpenSegmentAsync(long mediaSequence, CancellationToken requestAborted) =>
        _shelf.OpenSegmentAsync(mediaSequence, requestAborted);

    /// <summary>The first picture of a complete segment as a fragment of its own; null where there is no such segment.</summary>
    public async ValueTask<MediaBytes?> OpenKeyframeAsync(long mediaSequence, CancellationToken requestAborted)
    {
        using MediaBytes? segment = await OpenSegmentAsync(mediaSequence, requestAborted);
        return segment is null || Track?.Kind != TrackKind.Video ? null : await KeyframeCutter.CutAsync(segment, requestAborted);
    }

    public MediaBytes? OpenInit(long number) => _shelf.OpenInit(number);

    public void InitMade(int initNumber, TrackDescription track, ReadOnlyMemory<byte> init)
    {
        _shelf.AddInit(initNumber, init);
        Volatile.Write(ref _track, track);
    }

    public void SegmentBegun(SegmentHead head) => Change(() =>
    {
        CompleteLast();
        _segments.Add(new SegmentView(head, [], IsComplete: false, GapSeconds: null));
    });

    public void SegmentLost(SegmentHead head, double durationSeconds) => Change(() =>
    {
        CompleteLast();
        _segments.Add(new SegmentView(head, [], IsComplete: true, durationSeconds));
        _shelf.Pass(durationSeconds);
        _shelf.Complete(head, durationSeconds);
    });

    public void PartMade(Part part) => Change(() =>
    {
        if (_ended)
        {
            part.Dispose();
            return;
        }

        _listing = part;

        _shelf.Add(part);
        _nextPartNumber = part.Number + 1;
        Volatile.Write(ref _gapSeconds, _gapSeconds + (part.IsGap ? part.DurationSeconds : 0));
        _segments[^1] = _segments[^1].With(part);
        long now = _time.GetTimestamp();
        if (_lastPartAt != 0)
        {
            PartIntervalMilliseconds.Add(_time.GetElapsedTime(_lastPartAt, now).TotalMilliseconds);
        }

        _lastPartAt = now;
    });

    public void SampleLate() => Interlocked.Increment(ref _lateSamples);

    public void Ended() => Change(() =>
    {
        CompleteLast();
        _ended = true;
    });

    /// <summary>Gives all media back; nothing is served any more.</summary>
    public void Dispose()
    {
        Change(() =>
        {
            _ended = true;
            _segments.Clear();
        });
        _shelf.Dispose();
    }

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
        lock (_listLock)
        {
            change();
            Delist();
            DelistParts();
            before = _current;
            after = new PlaylistSnapshot([.. _segments], _discontinuitiesBefore, _nextPartNumber, _ended, _renderer);
            Volatile.Write(ref _current, after);

            // Before anybody who waits for it is told of it.
            if (_listing is { Moments: { } moments } listed)
            {
                Latency.Listed(listed.Number, moments);
            }

            _listing = null;
        }

        before.ReplacedBy(after);
        _shelf.Tidy();
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

        _segments[^1] = _segments[^1] with { IsComplete = true };
        if (!_segments[^1].IsGap)
        {
            _bandwidth.Add(_segments[^1]);
        }

        _shelf.Complete(_segments[^1].Head, _segments[^1].DurationSeconds);
    }

    /// <summary>What has ended is played from its beginning, which should be media: padding and what a rendition came too late for go.</summary>
    private bool BeginsTheEndWithAGap() => _ended && _segments[0].GapSeconds is not null;

    /// <summary>Takes the oldest segments off the list; the shelf knows how long their media stays.</summary>
    private void Delist()
    {
        double listed = _segments.Where(static segment => segment.IsComplete).Sum(static segment => segment.DurationSeconds);
        while (_segments.Count > 1
            && (listed - _segments[0].DurationSeconds >= _plan.ListedSeconds
                || _segments[0].Head.MediaSequence < _shelf.KeepsFrom
                || BeginsTheEndWithAGap()))
        {
            SegmentView oldest = _segments[0];
            _segments.RemoveAt(0);
            _withoutParts--;
            _discontinuitiesBefore += oldest.Head.IsDiscontinuity ? 1 : 0;
            _shelf.Delisted(oldest.Head.MediaSequence, listed);
            listed -= oldest.DurationSeconds;
        }
    }
    /// <summary>Parts are no longer listed in segments that lie three target durations behind the end (6.2.2).</summary>
    private void DelistParts()
    {
        double behind = 0;
        int first = _segments.Count;
        while (first > 0 && behind < _plan.PartsListedSeconds)
        {
            behind += _segments[--first].DurationSeconds;
        }

        for (_withoutParts = Math.Max(0, _withoutParts); _withoutParts < first; _withoutParts++)
        {
            _segments[_withoutParts] = _segments[_withoutParts].WithoutParts();
        }
    }
}
