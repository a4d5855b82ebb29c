using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Isolation;

internal sealed partial class IsolatedLadder
{
    [LoggerMessage(5102, LogLevel.Information, "{Broadcast}: its ladder runs in child {Child}.")]
    private static partial void LogBegun(ILogger logger, BroadcastId broadcast, int child);

    [LoggerMessage(5103, LogLevel.Warning, "{Broadcast}: {Why} {Count} were lost so far.")]
    private static partial void LogLost(ILogger logger, BroadcastId broadcast, string why, long count);

    [LoggerMessage(5104, LogLevel.Warning, "{Broadcast}: children keep dying, so that the next one uses the CPU alone.")]
    private static partial void LogWithoutDevices(ILogger logger, BroadcastId broadcast);

    [LoggerMessage(5105, LogLevel.Error, "{Broadcast}: its ladder is given up, since children keep dying; the source goes on.")]
    private static partial void LogGivenUp(ILogger logger, BroadcastId broadcast);
}
