using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Pipeline;

/// <content>What becomes of a broadcast whose publisher has gone, and of one that has ended.</content>
internal sealed partial class LivePipeline
{
    private void EndOrAwaitReturn(LiveBroadcast broadcast, IngestEndReason reason)
    {
        bool isOver = reason is IngestEndReason.Finished or IngestEndReason.Closed || !broadcast.Point.HasMedia;
        _ = WatchAsync(() => isOver ? EndAsync(broadcast) : EndUnlessItReturnsAsync(broadcast), broadcast);
    }

    /// <summary>A player that waited gets the flushed part first, then asks for what follows: it must find ENDLIST there and not a closed door.</summary>
    private Task LetViewersFinishAsync(LiveBroadcast[] closed, CancellationToken aborting) =>
        closed.Any(static broadcast => broadcast.Presentation.BytesSent > 0)
            ? Task.Delay(TimeSpan.FromSeconds(3 * closed.Max(static broadcast => broadcast.Session.Parts.Seconds)), _time, aborting)
            : Task.CompletedTask;

    /// <summary>Nobody awaits the end of a broadcast; a bug on that way must not go unheard.</summary>
    private async Task WatchAsync(Func<Task> ending, LiveBroadcast broadcast)
    {
        using IDisposable? scope = _logger.BeginMedia(broadcast.Session.Broadcast);
        try
        {
            await ending();
        }
        catch (Exception exception)
        {
            // By design: told here, since nobody else hears of it.
            LogEndFailed(_logger, broadcast.Session.Broadcast, exception);
        }
    }

    private void EndSoon(BroadcastSession session) =>
        _ = FindSession(session.SessionId) is { } broadcast ? Task.Run(() => WatchAsync(() => EndAsync(broadcast), broadcast)) : Task.CompletedTask;

    private async Task EndUnlessItReturnsAsync(LiveBroadcast broadcast)
    {
        long publishers = broadcast.Point.Publishers;
        LogInterrupted(_logger, broadcast.Session.Broadcast, _plan.ReconnectWithin.TotalSeconds);
        try
        {
            await Task.Delay(_plan.ReconnectWithin, _time, _stopped.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        if (broadcast.Point.TryClose(publishers))
        {
            await EndAsync(broadcast);
        }
    }

    private async Task ForgetAsync(LiveBroadcast broadcast)
    {
        try
        {
            // Nobody played what never had media, and nobody wants to read of it for long: refused attempts leave nothing behind.
            bool hadMedia = broadcast.Point.HasMedia;
            await Task.Delay(hadMedia ? _plan.KeepEnded : TimeSpan.Zero, _time, _stopped.Token);
            broadcast.Presentation.Withdraw();
            TimeSpan keptMedia = broadcast.Presentation.Duration;
            await Task.Delay(keptMedia, _time, _stopped.Token);
            _sessions.TryRemove(broadcast.Session.SessionId, out _);
            broadcast.Presentation.Dispose();
            TimeSpan longer = _plan.KeepStats - _plan.KeepEnded - keptMedia;
            if (hadMedia && longer > TimeSpan.Zero)
            {
                await Task.Delay(longer, _time, _stopped.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // By design: at shutdown everything is forgotten at once.
            return;
        }

        _broadcasts.TryRemove(KeyValuePair.Create(broadcast.Session.Broadcast, broadcast));
        _runner.Forget(broadcast.Session);
    }
}
