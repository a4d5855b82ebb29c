using Microsoft.Extensions.Logging;

namespace Rivet.Live.Core.Media;

/// <summary>What a line of the log is about, whoever writes it: scopes of one broadcast, or of one of its renditions.</summary>
internal static class MediaScope
{
    private static readonly Func<ILogger, BroadcastId, IDisposable?> OfBroadcast = LoggerMessage.DefineScope<BroadcastId>("{Broadcast}");

    private static readonly Func<ILogger, BroadcastId, string, IDisposable?> OfRendition = LoggerMessage.DefineScope<BroadcastId, string>("{Broadcast} {Rendition}");

    /// <summary>From here on, in this method and all that it awaits.</summary>
    /// <param name="logger">Any: scopes are those of all loggers of its factory.</param>
    /// <param name="broadcast">Which broadcast.</param>
    /// <param name="rendition">Which rendition; null where it is all of them.</param>
    public static IDisposable? BeginMedia(this ILogger logger, BroadcastId broadcast, string? rendition = null) =>
        rendition is null ? OfBroadcast(logger, broadcast) : OfRendition(logger, broadcast, rendition);
}
