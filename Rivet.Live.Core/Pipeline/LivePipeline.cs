using System.Collections.Concurrent;
using System.IO.Pipelines;
using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Isolation;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;
using Rivet.Live.Core.Shelf;

namespace Rivet.Live.Core.Pipeline;

/// <summary>The whole, wired: publishers in, playlists out.</summary>
/// <remarks>
/// <code>
/// 1 IngestSession ──▶ registry: video, audio ──┬─▶ 3 TrackPackager ──▶ HlsPresentation ──▶ players
///                          │    ▲              │
///                          ▼    └─ 480p, 240p ─┘
///                     2 TranscodeRunner (a drain per rendition, one PictureFeed per video track)
/// </code>
/// </remarks>
internal sealed partial class LivePipeline : IAsyncDisposable
{
    private readonly LivePlan _plan;
    private readonly TimeProvider _time;
    private readonly ILogger<LivePipeline> _logger;
    private readonly PayloadPool _payloads = new();
    private readonly FragmentBroadcasterRegistry _registry;
    private readonly TranscodeRunner _runner;
    private readonly LadderLoad _loads;
    private readonly ChildLauncher? _launcher;
    private readonly IsolatedLadders? _isolated;
    private readonly IDisposable _packaging;
    private readonly SpillDirectory? _spill;
    private readonly ConcurrentDictionary<BroadcastId, LiveBroadcast> _broadcasts = [];
    private readonly ConcurrentDictionary<string, LiveBroadcast> _sessions = [];

    // One publisher enters at a time, so that two cannot begin the same broadcast.
    private readonly Lock _enterLock = new();
    private readonly CancellationTokenSource _stopped = new();
    private volatile bool _draining;

    public LivePipeline(LivePlan plan, Codecs codecs, TimeProvider time, ILoggerFactory loggers)
    {
        _plan = plan;
        _time = time;
        StartedAt = time.GetUtcNow();
        _logger = loggers.CreateLogger<LivePipeline>();
        _registry = new FragmentBroadcasterRegistry(loggers.CreateLogger<FragmentBroadcasterRegistry>(), time);
        _launcher = plan.Isolation is { } isolation ? new ChildLauncher(isolation, _payloads, loggers) : null;
        Devices = DevicePool.Open(
            plan.Devices, codecs, plan.Ladder.Count > 0 ? plan.Tuning.PresetOf(VideoCodec.H264) : null, time, loggers.CreateLogger<DevicePool>(),
            _launcher is null ? null : new DeviceTrials(_launcher, plan.Devices, time).WhyNotAsync);
        var rules = new LadderRules { Renditions = plan.Ladder, Fallback = plan.Fallback, EndBroadcast = EndSoon, ThumbnailMade = ShowThumbnail };
        _loads = new LadderLoad(plan.Overload, Devices, time, loggers.CreateLogger<LadderLoad>());
        _packaging = _registry.Observe(Package, static _ => { });
        _spill = plan.SpillDirectory is { } path ? new SpillDirectory(path, time, loggers.CreateLogger<SpillDirectory>()) : null;
        _recordings = OpenRecordings(loggers);
        if (_launcher is not null)
        {
            _isolated = new IsolatedLadders(rules, plan.Tuning, plan.EncoderThreadsMax, plan.Devices, Devices, _loads, _launcher, time, loggers);
        }

        Func<LadderRules, IReadOnlyList<ITranscoderFactory>> factories = FactoriesFor(codecs, loggers);
        _offer = renditions => new LadderOffer(renditions, factories(rules with { Renditions = renditions }));
        _ladder = _offer(plan.Ladder);

        // Drains whose ladder is in a child only hand fragments on: they must not wait for its codecs.
        _runner = new TranscodeRunner(_registry, FactoriesOf, _isolated is null ? Codecs.PrepareThread : static () => { }, SubscriptionBound.Default, loggers);
    }

    public DateTimeOffset StartedAt { get; }

    public LivePlan Plan => _plan;

    public TimeProvider Time => _time;

    /// <summary>False from the moment the shutdown began.</summary>
    public bool IsAccepting => !_draining;

    /// <summary>Every broadcast that is live or whose stats are still kept.</summary>
    public IReadOnlyCollection<LiveBroadcast> Broadcasts => [.. _broadcasts.Values];

    public PayloadPool Payloads => _payloads;

    /// <summary>What encodes, lent to the renditions of all broadcasts.</summary>
    public DevicePool Devices { get; }

    /// <summary>Which renditions are encoded.</summary>
    public LadderLoad Loads => _loads;

    public FragmentBroadcasterRegistry Registry => _registry;

    public LiveBroadcast? Find(BroadcastId broadcast) => _broadcasts.GetValueOrDefault(broadcast);

    /// <summary>A broadcast by the session id that stands in its media URIs; also one that has ended, while its media is kept.</summary>
    public LiveBroadcast? FindSession(string sessionId) => _sessions.GetValueOrDefault(sessionId);

    public IReadOnlyList<Drain> DrainsOf(LiveBroadcast broadcast) => _runner.DrainsOf(broadcast.Session);

    /// <summary>The child that the broadcast's ladder runs in; null where it runs here, or has ended.</summary>
    public IsolationReport? IsolationOf(LiveBroadcast broadcast) => _isolated?.Find(broadcast.Session)?.Report;

    /// <summary>The playlists that a viewer of the broadcast should find in the master playlist.</summary>
    public IEnumerable<string> ExpectedPlaylists(LiveBroadcast broadcast) =>
        DrainsOf(broadcast).Where(static drain => drain.Progress is { State: not RenditionState.Failed, IsShed: false }).Select(static drain => drain.Key.Rendition)
            .Concat(_registry.Tracks.Where(track => track.Session == broadcast.Session).Select(PlaylistOf).OfType<string>());

    /// <summary>Lets a publisher in: to a new broadcast, or to one that waits for it.</summary>
    public async Task<(LiveBroadcast? Broadcast, EnterRefusal? Refusal)> EnterAsync(
        BroadcastId id, Publisher publisher, bool takesOver, CancellationToken requestAborted)
    {
        while (true)
        {
            if (Find(id) is { IsEnding: true } ending)
            {
                // Its renditions are still being flushed into the tracks that the new life will open again.
                await ending.WhenEnded.WaitAsync(requestAborted);
            }

            lock (_enterLock)
            {
                LiveBroadcast? broadcast = Find(id);
                if (broadcast is { IsEnding: true, WhenEnded.IsCompleted: false })
                {
                    continue;
                }

                (LiveBroadcast? Broadcast, EnterRefusal? Refusal) entered = Enter(id, broadcast is { IsEnding: true } ? null : broadcast, publisher, takesOver);
                if (entered.Refusal == EnterRefusal.AlreadyPublished && broadcast is { IsEnding: true, WhenEnded.IsCompleted: false })
                {
                    // It began to end just now: there is room behind it.
                    continue;
                }

                return entered;
            }
        }
    }

    private (LiveBroadcast? Broadcast, EnterRefusal? Refusal) Enter(
        BroadcastId id, LiveBroadcast? broadcast, Publisher publisher, bool takesOver)
    {
        if (_draining)
        {
            return (null, EnterRefusal.Draining);
        }

        if (broadcast is null && _broadcasts.Values.Count(static other => !other.IsEnding) >= _plan.IngestLimits.MaxBroadcasts)
        {
            return (null, EnterRefusal.TooManyBroadcasts);
        }

        if (broadcast is null && !_loads.Admits(id, Ladder))
        {
            return (null, EnterRefusal.NoCapacity);
        }

        broadcast ??= Begin(id);
        bool isIn = broadcast.Point.TryEnter(publisher, takesOver)
            || (publisher.Objects is null && broadcast.Point.Publisher is { Objects: null } && broadcast.Point.TryEnterBeside(publisher));
        return isIn ? (Recorded(broadcast, publisher), null) : (null, EnterRefusal.AlreadyPublished);
    }

    /// <summary>Reads the publisher's body to its end. The publisher has entered, and leaves here.</summary>
    /// <exception cref="IngestRejectedException">The bytes cannot be ingested.</exception>
    public async Task<(IngestEndReason Reason, IngestSession Ingest)> IngestAsync(LiveBroadcast broadcast, Publisher publisher, PipeReader body)
    {
        PublishingPoint point = broadcast.Point;
        IngestSession ingest = point.IsBeside(publisher)
            ? new IngestSession(publisher, new SecondPublisher(point, publisher, _registry, _plan.IngestLimits, _time), _payloads, _plan.IngestLimits, _time)
            : new IngestSession(point, publisher, _registry, _payloads, _plan.IngestLimits, _time);
        using IDisposable? scope = _logger.BeginMedia(broadcast.Session.Broadcast);
        IngestEndReason reason = IngestEndReason.Broken;
        LogPublishing(_logger, broadcast.Session.Broadcast, publisher.Remote, publisher.Dialect);
        try
        {
            reason = await ingest.RunAsync(body, _plan.IngestLimits.Idle);
            return (reason, ingest);
        }
        catch (IngestRejectedException rejected)
        {
            reason = IngestEndReason.Rejected;
            LogRejected(_logger, broadcast.Session.Broadcast, rejected.Reason.Word(), rejected.Message);
            throw;
        }
        finally
        {
            ingest.Dispose();
            LogPublisherGone(_logger, broadcast.Session.Broadcast, reason, ingest.Bytes, ingest.Fragments);
            if (broadcast.Point.Leave(publisher))
            {
                EndOrAwaitReturn(broadcast, reason);
            }
        }
    }

    /// <summary>Ends a broadcast for good. Idempotent; completes when its playlists are closed.</summary>
    public async Task EndAsync(LiveBroadcast broadcast)
    {
        if (!broadcast.TryBeginEnd())
        {
            await broadcast.WhenEnded;
            return;
        }

        // First: a publisher that is still at it could open a track that nobody would remove.
        await broadcast.Point.EndAsync();
        broadcast.Session.Parts.Decide();
        foreach (FragmentBroadcaster track in SourceTracksOf(broadcast))
        {
            _registry.Remove(track);
        }

        await _runner.WhenDrainedAsync(broadcast.Session);
        await broadcast.WhenPackagedAsync();
        broadcast.Recording?.End();
        broadcast.Ended();
        Codecs.ReturnMemory();
        LogEnded(_logger, broadcast.Session.Broadcast);
        _ = WatchAsync(() => ForgetAsync(broadcast), broadcast);
    }

    /// <summary>The staircase down, in the direction the data flows. Nothing is accepted any more when this begins.</summary>
    /// <param name="aborting">The time is up: what is not flushed by then is dropped.</param>
    public async Task StopAsync(CancellationToken aborting)
    {
        lock (_enterLock)
        {
            _draining = true;                                                       // 1  no new publishers
        }

        LiveBroadcast[] open = [.. Broadcasts.Where(static broadcast => !broadcast.IsEnding)];
        Task ended = Task.WhenAll(Broadcasts.Select(EndAsync));                     // 2  publishers told, encoders flushed, playlists closed
        try
        {
            await ended.WaitAsync(aborting);
            await LetViewersFinishAsync(open, aborting);                            // 3  the last parts and ENDLIST fetched
            await WhenRecordedAsync().WaitAsync(aborting);                          // 4  recordings have their index
        }
        catch (OperationCanceledException) when (aborting.IsCancellationRequested)
        {
            if (Broadcasts.Count(static broadcast => !broadcast.WhenEnded.IsCompleted) is > 0 and int count)
            {
                LogNotDrained(_logger, count);
            }
        }

        await _stopped.CancelAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _draining = true;
        _packaging.Dispose();
        await _runner.DisposeAsync();
        await Devices.DisposeAsync();
        await (_launcher?.DisposeAsync() ?? ValueTask.CompletedTask);
        if (!_stopped.IsCancellationRequested)
        {
            await _stopped.CancelAsync();
        }

        foreach (LiveBroadcast broadcast in _sessions.Values)
        {
            await broadcast.WhenPackagedAsync();
            broadcast.Presentation.Dispose();
        }

        await (_recordings?.DisposeAsync() ?? ValueTask.CompletedTask);
        if (_spill is not null)
        {
            await _spill.DisposeAsync();
        }

        _stopped.Dispose();
    }

    /// <summary>What makes a ladder's transcoders, which run here or in children.</summary>
    private Func<LadderRules, IReadOnlyList<ITranscoderFactory>> FactoriesFor(Codecs codecs, ILoggerFactory loggers)
    {
        if (_isolated is { } isolated)
        {
            return rules => IsolatedFactory.ForLadder(isolated, rules);
        }

        EncoderFactory encoders = new(Devices, _payloads, _plan.Tuning, _plan.EncoderThreadsMax);

        // One desk for all ladders: helpers go to whoever is most behind.
        HelpDesk desk = new(encoders, _time, loggers.CreateLogger<HelpDesk>());
        return rules => LadderFactory.ForLadder(rules, codecs, encoders, _loads, _time, loggers, desk);
    }

    /// <summary>The playlist of one of the publisher's own tracks; null for a track that is not played.</summary>
    public static string? PlaylistOf(string sourceTrack) => sourceTrack switch
    {
        "video" => HlsPresentation.Source,
        "audio" => "audio",
        _ => null,
    };

    private static string? PlaylistOf(FragmentBroadcaster track) => track.Rendition ?? PlaylistOf(track.Key.Track);

    private IEnumerable<FragmentBroadcaster> SourceTracksOf(LiveBroadcast broadcast) =>
        _registry.Tracks.Where(track => track.Session == broadcast.Session && track.Rendition is null);

    private LiveBroadcast Begin(BroadcastId id)
    {
        LadderOffer ladder = _ladder;
        var grid = new SegmentGrid(_plan.SegmentSeconds, HlsPlan.PaddingSegments);
        var parts = new PartTarget(_plan.PartSeconds, (source, cadence) => LadderPlanner.CadencesOf(source, cadence, ladder.Renditions));
        var session = new BroadcastSession(id, grid, parts, _time.GetUtcNow());
        var hls = new HlsPlan(parts, grid.TargetDurationSeconds, _plan.WindowSeconds);
        var broadcast = new LiveBroadcast(
            new PublishingPoint(session, _time, _plan.IngestLimits), ladder, new HlsPresentation(session, hls, _plan.SourceListing, _spill?.OpenFolder(session.SessionId), _time));
        _broadcasts[id] = broadcast;
        _sessions[session.SessionId] = broadcast;
        _ = Task.Run(() => KeepAsync(broadcast, () => new StallWatch(broadcast.Point, _plan.StallPatience, _time).RunAsync(_stopped.Token)));
        _ = Task.Run(() => KeepAsync(broadcast, () => new FindingsWatch(broadcast.Point, _time, _logger).RunAsync(_stopped.Token)));
        _ = Task.Run(() => KeepAsync(broadcast, () => broadcast.Point.Pacer.RunAsync(broadcast.Point.WhenClosed, _stopped.Token)));
        return broadcast;
    }

    /// <summary>A track opened: it is packaged from its first fragment on.</summary>
    private void Package(FragmentBroadcaster track)
    {
        if (PlaylistOf(track) is not { } name || FindSession(track.Session.SessionId) is not { } broadcast)
        {
            return;
        }

        var packager = new TrackPackager(track.Session, _payloads, broadcast.Presentation.Open(name, CapOf(broadcast, name)), _time);
        FragmentSubscription subscription = track.Subscribe(SubscriptionBound.Default);

        // On the pool: this callback runs on the thread of whoever publishes, and a rendition's drain takes its thread with it when it ends.
        broadcast.Add(Task.Run(() => PackageAsync(packager, subscription, track.Key)));
    }

    private long? CapOf(LiveBroadcast broadcast, string playlist) => broadcast.Ladder.Renditions.FirstOrDefault(rendition => rendition.Name == playlist)?.PeakBps(_plan.SegmentSeconds);

    private async Task PackageAsync(TrackPackager packager, FragmentSubscription subscription, TrackKey track)
    {
        using IDisposable? scope = _logger.BeginMedia(track.Broadcast, track.Track);
        try
        {
            await packager.RunAsync(subscription, _stopped.Token);
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            // By design: the shutdown's time is up.
        }
        catch (Exception exception)
        {
            // By design: one track's packager must not take the broadcast with it; its playlist is closed.
            LogPackagerFailed(_logger, track, exception);
        }
    }

    private async Task KeepAsync(LiveBroadcast broadcast, Func<Task> keeper)
    {
        using IDisposable? scope = _logger.BeginMedia(broadcast.Session.Broadcast);
        try
        {
            await keeper();
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            // By design: the shutdown's time is up.
        }
        catch (Exception exception)
        {
            // By design: told here, since nobody awaits it; the broadcast goes on, at its publisher's pace.
            LogKeeperFailed(_logger, broadcast.Session.Broadcast, exception);
        }
    }
}
