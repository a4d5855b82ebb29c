namespace Rivet.Live.Core.Pipeline;

internal sealed partial class LivePipeline
{
    /// <summary>A player that waited gets the flushed part first, then asks for what follows: it must find ENDLIST there and not a closed door.</summary>
    private Task LetViewersFinishAsync(LiveBroadcast[] closed, CancellationToken aborting) =>
        closed.Any(static broadcast => broadcast.Presentation.BytesSent > 0)
            ? Task.Delay(TimeSpan.FromSeconds(3 * closed.Max(static broadcast => broadcast.Session.Parts.Seconds)), _time, aborting)
            : Task.CompletedTask;

    /// <summary>Nobody awaits the end of a broadcast; a bug on that way must not go unheard.</summary>
    private async Task WatchAsync(Task ending, LiveBroadcast broadcast)
    {
        try
        {
            await ending;
        }
        catch (Exception exception)
        {
            // By design: told here, since nobody else hears of it.
            LogEndFailed(_logger, broadcast.Session.Broadcast, exception);
        }
    }
}
