using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Drains;

/// <summary>Starts a drain for every transcoder that wants a source track, keeps their counters, and ends them all when it is dropped.</summary>
internal sealed partial class TranscodeRunner : IAsyncDisposable
{
    private readonly FragmentBroadcasterRegistry _registry;
    private readonly Func<BroadcastSession, IReadOnlyList<ITranscoderFactory>> _factoriesOf;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly Action _prepareThread;
    private readonly SubscriptionBound _bound;

    // By broadcast, whose drains stats ask for each second: nobody has to look through those of all others.
    private readonly ConcurrentDictionary<BroadcastSession, ImmutableArray<Drain>> _drains = [];
    private readonly ConcurrentDictionary<Task, Drain> _running = [];
    private readonly CancellationTokenSource _aborting = new();
    private readonly IDisposable _observation;

    /// <param name="registry">Whose source tracks are drained; renditions are never transcoded again.</param>
    /// <param name="factoriesOf">A broadcast's transcoders, a whole ladder in one list; asked when a track opens.</param>
    /// <param name="prepareThread">Runs first on each drain's thread.</param>
    /// <param name="bound">How far a drain may fall behind the publisher.</param>
    /// <param name="loggers">Where drains report.</param>
    public TranscodeRunner(
        FragmentBroadcasterRegistry registry,
        Func<BroadcastSession, IReadOnlyList<ITranscoderFactory>> factoriesOf,
        Action prepareThread,
        SubscriptionBound bound,
        ILoggerFactory loggers)
    {
        _registry = registry;
        _factoriesOf = factoriesOf;
        _prepareThread = prepareThread;
        _bound = bound;
        _loggers = loggers;
        _logger = loggers.CreateLogger<TranscodeRunner>();
        _observation = registry.Observe(TrackOpened, static _ => { });
    }

    /// <summary>The same transcoders for all broadcasts.</summary>
    public TranscodeRunner(
        FragmentBroadcasterRegistry registry, IReadOnlyList<ITranscoderFactory> factories, Action prepareThread, SubscriptionBound bound, ILoggerFactory loggers)
        : this(registry, _ => factories, prepareThread, bound, loggers)
    {
    }

    /// <summary>Every drain that ran or runs and was not forgotten.</summary>
    public IReadOnlyCollection<Drain> Drains => [.. _drains.Values.SelectMany(static drains => drains)];

    /// <summary>Drains still at work.</summary>
    public int Running => _running.Count;

    /// <summary>Those of one broadcast, as they began.</summary>
    public ImmutableArray<Drain> DrainsOf(BroadcastSession session) => _drains.GetValueOrDefault(session, []);

    /// <summary>Lets go of a finished broadcast's counters.</summary>
    public void Forget(BroadcastSession session) => _drains.TryRemove(session, out ImmutableArray<Drain> _);

    /// <summary>Completes when no drain of the session is at work any more.</summary>
    public Task WhenDrainedAsync(BroadcastSession session) =>
        Task.WhenAll(_running.Where(running => running.Value.Session == session).Select(static running => running.Key));

    /// <summary>Aborts every drain and waits until all have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        _observation.Dispose();
        await _aborting.CancelAsync();
        await Task.WhenAll(_running.Keys);
        _aborting.Dispose();
    }

    private void TrackOpened(FragmentBroadcaster track)
    {
        if (track.Rendition is not null)
        {
            return;
        }

        foreach (ITranscoderFactory factory in _factoriesOf(track.Session))
        {
            Begin(track, factory);
        }
    }

    private void Begin(FragmentBroadcaster track, ITranscoderFactory factory)
    {
        var key = new DrainKey(factory.Name, factory.Rendition, track.Key.Broadcast, track.Key.Track);
        var progress = new RenditionProgress(_registry.Time);
        ITranscoder? transcoder;
        try
        {
            transcoder = factory.Build(new TranscoderContext(track, _registry, progress));
        }
        catch (Exception exception)
        {
            // By design: one factory's bug costs its own rendition and no other.
            LogBuildFailed(_logger, key, exception);
            return;
        }

        if (transcoder is null)
        {
            return;
        }

        var drain = new Drain(key, track.Session, transcoder, track.Subscribe(_bound), progress, _loggers.CreateLogger<Drain>());
        _drains.AddOrUpdate(track.Session, [drain], (_, drains) => drains.Add(drain));
        var thread = new DrainThread(key.ToString(), _prepareThread);
        Task task = RunAsync(drain, thread);
        _running[task] = drain;
        _ = task.ContinueWith(ended => _running.TryRemove(ended, out Drain? _), TaskScheduler.Default);
    }

    private async Task RunAsync(Drain drain, DrainThread thread)
    {
        using IDisposable? scope = _logger.BeginMedia(drain.Key.Broadcast, drain.Key.Rendition);
        using (thread)
        {
            DrainEndReason reason = await thread.RunAsync(() => drain.RunAsync(_aborting.Token));
            LogDrainEnded(_logger, drain.Key, reason, drain.FragmentsSeen, drain.Panics);
        }
    }

    [LoggerMessage(4010, LogLevel.Information, "Drain {Drain} ended: {Reason}, {Fragments} fragments, {Panics} panics.")]
    private static partial void LogDrainEnded(ILogger logger, DrainKey drain, DrainEndReason reason, long fragments, long panics);

    [LoggerMessage(4011, LogLevel.Error, "No transcoder for {Drain}: its factory threw.")]
    private static partial void LogBuildFailed(ILogger logger, DrainKey drain, Exception exception);
}
