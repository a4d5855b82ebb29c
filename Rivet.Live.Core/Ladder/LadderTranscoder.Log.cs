using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

internal sealed partial class LadderTranscoder
{
    [LoggerMessage(3001, LogLevel.Error, "{Broadcast}: rendition {Rendition} is given up, since no device encodes it; the others go on.")]
    private static partial void LogGivenUp(ILogger logger, BroadcastId broadcast, string rendition);

    [LoggerMessage(3002, LogLevel.Warning, "{Broadcast}: a chunk of {Rendition} is encoded again ({Fault}): {Why}")]
    private static partial void LogRequeued(ILogger logger, BroadcastId broadcast, string rendition, EncoderFault fault, string why);

    [LoggerMessage(3003, LogLevel.Warning, "{Broadcast}: {Rendition} leaves out {Pictures} pictures from {From} to {Until}, since it is too far behind.")]
    private static partial void LogSkipped(ILogger logger, BroadcastId broadcast, string rendition, int pictures, MediaTime from, MediaTime until);
}
