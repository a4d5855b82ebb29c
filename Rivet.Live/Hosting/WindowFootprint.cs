using Rivet.Live.Configuration;

namespace Rivet.Live.Hosting;

/// <summary>What a full window takes, told at start: on disk always, in memory where it is much.</summary>
internal static partial class WindowFootprint
{
    private const long WorthTelling = 512L << 20;

    private const int AudioBitrateBps = 160_000;

    /// <summary>
    /// Bytes of one broadcast's full window. A delisted segment stays for as long as the playlist that listed it, which makes two windows. The
    /// source's bitrate is a guess: that of the largest rendition and half as much again, or 4 Mb/s without renditions.
    /// </summary>
    public static long Of(LiveSettings settings)
    {
        long renditions = settings.Ladder.Renditions.Sum(static rendition => rendition.VideoBitrateBps);
        long source = settings.Ladder.Renditions.Select(static rendition => rendition.VideoBitrateBps * 3L / 2).DefaultIfEmpty(4_000_000).Max();
        return (long)(2 * settings.Hls.Window.TotalSeconds * (renditions + source + AudioBitrateBps) / 8);
    }

    public static void Tell(LiveSettings settings, ILogger logger)
    {
        double gigabytes = Of(settings) / 1e9;
        if (settings.Hls.SpillDirectory is not { } folder)
        {
            if (Of(settings) >= WorthTelling)
            {
                LogMemory(logger, settings.Hls.Window.TotalSeconds, gigabytes);
            }
        }
        else if (FreeBytes(folder) is { } free)
        {
            LogDisk(logger, Of(settings) > free ? LogLevel.Warning : LogLevel.Information, folder, free / 1e9, settings.Hls.Window.TotalSeconds, gigabytes);
        }
    }

    /// <summary>Null where the system does not say.</summary>
    private static long? FreeBytes(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    [LoggerMessage(4, LogLevel.Warning, "Hls:WindowSeconds {Seconds} in memory: about {Gigabytes:0.0} GB for each broadcast. Hls:SpillDirectory would keep it on disk.")]
    private static partial void LogMemory(ILogger logger, double seconds, double gigabytes);

    [LoggerMessage(EventId = 5, Message = "Hls:SpillDirectory {Folder}: {Free:0.0} GB free; a window of {Seconds} s takes about {Gigabytes:0.0} GB there for each broadcast.")]
    private static partial void LogDisk(ILogger logger, LogLevel level, string folder, double free, double seconds, double gigabytes);
}
