using Microsoft.Extensions.Logging;

namespace Rivet.Live.Core.Recording;

/// <summary>Lets recorders at the disk, a few at a time: one that hangs holds these threads of the pool and no more.</summary>
/// <param name="path">The recordings' folder, for the log.</param>
/// <param name="turns">How many there may be at once.</param>
/// <param name="time">Tells how long there was no trouble.</param>
/// <param name="logger">Hears of trouble once, and of its end.</param>
internal sealed partial class RecordingDisk(string path, SemaphoreSlim turns, TimeProvider time, ILogger logger)
{
    /// <summary>A disk that is nearly full takes something now and then: that is not the end of the trouble.</summary>
    private static readonly TimeSpan QuietAfterTrouble = TimeSpan.FromSeconds(60);

    private readonly Lock _troubleLock = new();
    private long? _troubledAt;

    /// <summary>Does it when it is its turn; false where the disk refused.</summary>
    public async Task<bool> TryAsync(Action work)
    {
        await turns.WaitAsync();
        try
        {
            work();
            Worked();
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Trouble(failure.Message);
            return false;
        }
        finally
        {
            turns.Release();
        }
    }

    private void Trouble(string why)
    {
        lock (_troubleLock)
        {
            if (_troubledAt is null)
            {
                LogTrouble(logger, path, why);
            }

            _troubledAt = time.GetTimestamp();
        }
    }

    private void Worked()
    {
        lock (_troubleLock)
        {
            if (_troubledAt is { } since && time.GetElapsedTime(since) > QuietAfterTrouble)
            {
                _troubledAt = null;
                LogTroubleOver(logger, path);
            }
        }
    }

    [LoggerMessage(8101, LogLevel.Warning, "Recording:Directory {Path}: {Why} What cannot be written is missing from recordings. Live playback goes on.")]
    private static partial void LogTrouble(ILogger logger, string path, string why);

    [LoggerMessage(8102, LogLevel.Information, "Recording:Directory {Path}: takes recordings again.")]
    private static partial void LogTroubleOver(ILogger logger, string path);
}
