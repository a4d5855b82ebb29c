using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

internal sealed partial class HelperTurn
{
    [LoggerMessage(3011, LogLevel.Information, "{Broadcast}: {Rendition} is behind; {Device} helps.")]
    private static partial void LogHelping(ILogger logger, BroadcastId broadcast, string rendition, string device);

    [LoggerMessage(3012, LogLevel.Information, "{Broadcast}: {Rendition} was helped by {Device} with {Chunks} chunks.")]
    private static partial void LogLeft(ILogger logger, BroadcastId broadcast, string rendition, string device, int chunks);

    [LoggerMessage(3013, LogLevel.Error, "{Broadcast}: a helper of {Rendition} ended with an exception; the rendition encodes the chunk itself.")]
    private static partial void LogBug(ILogger logger, BroadcastId broadcast, string rendition, Exception exception);
}
