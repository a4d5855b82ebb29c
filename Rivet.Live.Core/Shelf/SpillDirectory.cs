using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Rivet.Live.Core.Shelf;

/// <summary>The disk behind the shelves: one writer per process, which nobody waits for.</summary>
/// <remarks>
/// Its queue is bounded by those who fill it: a shelf lets no more media wait here than <see cref="MediaShelf.WaitingSecondsMax"/>. A write
/// that fails is tried again by the shelf, with its next part; meanwhile the segment stays in memory.
/// </remarks>
internal sealed partial class SpillDirectory : IAsyncDisposable
{
    /// <summary>A full disk takes a segment now and then, each time that one has gone: that is not the end of the trouble.</summary>
    private static readonly TimeSpan QuietAfterTrouble = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan PatienceAtTheEnd = TimeSpan.FromSeconds(5);

    private readonly Channel<SpillJob> _jobs = Channel.CreateUnbounded<SpillJob>(new UnboundedChannelOptions { SingleReader = true });

    // A disk that hangs may block this many threads of the pool and no more.
    private readonly SemaphoreSlim _reads = new(8);
    private readonly Lock _troubleLock = new();
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _writing;
    private long? _troubledAt;
    private volatile bool _isStopping;

    /// <param name="path">The folder; it is made when the first segment comes, should it not exist.</param>
    /// <param name="time">Tells how long there was no trouble.</param>
    /// <param name="logger">Hears of trouble once, and of its end.</param>
    public SpillDirectory(string path, TimeProvider time, ILogger logger)
    {
        _path = Path.GetFullPath(path);
        _time = time;
        _logger = logger;
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>A folder for one session's segments.</summary>
    public SpillFolder OpenFolder(string sessionId) => new(this, SpillFolder.PathOf(_path, sessionId));

    /// <summary>What is done to the disk, in this order.</summary>
    public void Enqueue(SpillJob job)
    {
        if (!_jobs.Writer.TryWrite(job))
        {
            job.Failed();
        }
    }

    /// <summary>A segment's bytes from its file; null where it cannot be read.</summary>
    public async Task<MediaBytes?> OpenAsync(string file, CancellationToken aborted)
    {
        await _reads.WaitAsync(aborted);
        try
        {
            return new FileBytes(File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), _reads);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            // Its time was over just now, or the disk went: the next write tells.
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Trouble(failure.Message);
            return null;
        }
        finally
        {
            _reads.Release();
        }
    }

    /// <summary>Says once that something is wrong with the disk.</summary>
    public void Trouble(string why)
    {
        lock (_troubleLock)
        {
            if (_troubledAt is null)
            {
                LogTrouble(_logger, _path, why);
            }

            _troubledAt = _time.GetTimestamp();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _jobs.Writer.TryComplete();
        _isStopping = true;
        try
        {
            await _writing.WaitAsync(PatienceAtTheEnd, _time);
        }
        catch (TimeoutException)
        {
            // By design: a disk that hangs must not keep the server from ending; what is left there is removed at the next start.
            LogLeft(_logger, _path);
        }
    }

    private async Task WriteAsync()
    {
        SpillFolder.RemoveLeftovers(_path);
        await foreach (SpillJob job in _jobs.Reader.ReadAllAsync())
        {
            if (job.Content is not null && _isStopping)
            {
                // What nobody will fetch needs no file.
                job.Failed();
                continue;
            }

            try
            {
                job.Run();
                Worked(job);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                Trouble(failure.Message);
                job.Failed();
            }
        }
    }

    private void Worked(SpillJob job)
    {
        lock (_troubleLock)
        {
            if (job.Content is not null && _troubledAt is { } since && _time.GetElapsedTime(since) > QuietAfterTrouble)
            {
                _troubledAt = null;
                LogTroubleOver(_logger, _path);
            }
        }
    }

    [LoggerMessage(8001, LogLevel.Warning, "Hls:SpillDirectory {Path}: {Why} Segments stay in memory for a while; then windows get shorter. Live playback goes on.")]
    private static partial void LogTrouble(ILogger logger, string path, string why);

    [LoggerMessage(8002, LogLevel.Information, "Hls:SpillDirectory {Path}: takes segments again.")]
    private static partial void LogTroubleOver(ILogger logger, string path);

    [LoggerMessage(8003, LogLevel.Warning, "Hls:SpillDirectory {Path}: the disk does not answer; segments are left there.")]
    private static partial void LogLeft(ILogger logger, string path);
}
