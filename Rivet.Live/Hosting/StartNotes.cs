using Rivet.Live.Configuration;

namespace Rivet.Live.Hosting;

/// <summary>What an operator should know of the settings once the server starts, beside what is wrong with them.</summary>
internal static partial class StartNotes
{
    /// <summary>Says who may publish, and which settings are useless.</summary>
    public static void Tell(LiveSettings settings, ILogger logger)
    {
        if (settings.Ingest.Keys.Count == 0)
        {
            LogLoopbackOnly(logger);
        }

        WindowFootprint.Tell(settings, logger);
        foreach (string setting in Unused(settings))
        {
            LogUnused(logger, setting);
        }
    }

    /// <summary>Settings that others make useless.</summary>
    internal static IEnumerable<string> Unused(LiveSettings settings)
    {
        EncodingSettings encoding = settings.Encoding;
        (string Name, bool IsSet)[] candidates =
        [
            ("Encoding:Options for NVENC through FFmpeg", encoding.Nvenc == NvencAccess.Direct && encoding.Options.Any(static option => option.Encoder.EndsWith("_nvenc", StringComparison.Ordinal))),
        ];
        return candidates.Where(static candidate => candidate.IsSet).Select(static candidate => candidate.Name);
    }

    [LoggerMessage(2, LogLevel.Information, "Ingest:Keys is empty: only publishers on this machine are accepted.")]
    private static partial void LogLoopbackOnly(ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "{Setting} is set, and another setting makes it useless.")]
    private static partial void LogUnused(ILogger logger, string setting);
}
