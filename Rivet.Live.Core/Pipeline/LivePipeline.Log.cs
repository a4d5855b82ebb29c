using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Pipeline;

internal sealed partial class LivePipeline
{
    [LoggerMessage(9001, LogLevel.Information, "{Broadcast}: published by {Remote} ({Dialect}).")]
    private static partial void LogPublishing(ILogger logger, BroadcastId broadcast, string remote, string dialect);

    [LoggerMessage(9002, LogLevel.Information, "{Broadcast}: publisher gone ({Reason}) after {Bytes} bytes and {Fragments} fragments.")]
    private static partial void LogPublisherGone(ILogger logger, BroadcastId broadcast, IngestEndReason reason, long bytes, long fragments);

    [LoggerMessage(9007, LogLevel.Warning, "{Broadcast}: refused ({Reason}): {Message}")]
    private static partial void LogRejected(ILogger logger, BroadcastId broadcast, string reason, string message);

    [LoggerMessage(9008, LogLevel.Error, "{Broadcast}: ending it failed.")]
    private static partial void LogEndFailed(ILogger logger, BroadcastId broadcast, Exception exception);

    [LoggerMessage(9003, LogLevel.Warning, "{Broadcast}: interrupted; ends in {Seconds} s unless a publisher comes back.")]
    private static partial void LogInterrupted(ILogger logger, BroadcastId broadcast, double seconds);

    [LoggerMessage(9004, LogLevel.Information, "{Broadcast}: ended, playlists closed.")]
    private static partial void LogEnded(ILogger logger, BroadcastId broadcast);

    [LoggerMessage(9005, LogLevel.Error, "The packager of {Track} failed; that playlist is closed, the others go on.")]
    private static partial void LogPackagerFailed(ILogger logger, TrackKey track, Exception exception);

    [LoggerMessage(9006, LogLevel.Warning, "The time to drain is up; {Count} broadcasts were cut short.")]
    private static partial void LogNotDrained(ILogger logger, int count);

    [LoggerMessage(9009, LogLevel.Error, "{Broadcast}: nobody watches for stalls, or lets bursts out in time, any more.")]
    private static partial void LogKeeperFailed(ILogger logger, BroadcastId broadcast, Exception exception);
}
