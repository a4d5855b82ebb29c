using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;

namespace Rivet.Live.Core.Recording;

/// <summary>Where recordings go: begins them, gives each its index when it is over, and finishes what a crash left.</summary>
internal sealed partial class RecordingDirectory : IAsyncDisposable
{
    private static readonly TimeSpan PatienceAtTheEnd = TimeSpan.FromSeconds(5);

    /// <summary>A broadcast's name has four segments at most, and its sessions lie below; links are somebody else's.</summary>
    private static readonly EnumerationOptions Below = new()
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = 5,
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = true,
    };

    private readonly string _path;
    private readonly FragmentBroadcasterRegistry _registry;
    private readonly PayloadPool _pool;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RecordingDisk _disk;
    private readonly CancellationTokenSource _stopping = new();

    // A disk that hangs may block this many threads of the pool and no more.
    private readonly SemaphoreSlim _turns = new(4);

    // Copying is for the time when nobody else needs the disk: one file after the other.
    private readonly SemaphoreSlim _finishing = new(1);
    private readonly Lock _runningLock = new();
    private readonly HashSet<Task> _running = [];

    /// <param name="path">The folder; it is made when there is something to write.</param>
    /// <param name="registry">Whose tracks are recorded.</param>
    /// <param name="pool">Lends memory.</param>
    /// <param name="time">For waiting.</param>
    /// <param name="logger">Hears what becomes of recordings.</param>
    public RecordingDirectory(string path, FragmentBroadcasterRegistry registry, PayloadPool pool, TimeProvider time, ILogger logger)
    {
        _path = Path.GetFullPath(path);
        _registry = registry;
        _pool = pool;
        _time = time;
        _logger = logger;
        _disk = new RecordingDisk(_path, _turns, time, logger);
        Run(Task.Run(FinishLeftoversAsync));
    }

    /// <summary>Records a session's tracks from now on.</summary>
    /// <param name="session">Whose.</param>
    /// <param name="nameOf">What a track's recording is called; null for one that is not recorded.</param>
    public BroadcastRecording Begin(BroadcastSession session, Func<FragmentBroadcaster, string?> nameOf)
    {
        var recording = new BroadcastRecording(session, new RecordingFolder(_path, session), new AudioTape(), _disk, _pool, nameOf, _logger);
        recording.Observe(_registry, _stopping.Token);
        Run(FinishAsync(recording));
        return recording;
    }

    /// <summary>Completes when every recording that is over has its index.</summary>
    public Task WhenFinishedAsync()
    {
        lock (_runningLock)
        {
            return Task.WhenAll(_running);
        }
    }

    /// <summary>What has no index yet keeps growing no more, and gets it at the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        try
        {
            await WhenFinishedAsync().WaitAsync(PatienceAtTheEnd, _time);
        }
        catch (TimeoutException)
        {
            // By design: a disk that hangs must not keep the server from ending.
            LogLeft(_logger, _path);
        }

        _stopping.Dispose();
    }

    private void Run(Task task)
    {
        Task kept = KeepAsync(task);
        lock (_runningLock)
        {
            _running.Add(kept);
        }

        _ = kept.ContinueWith(Forget, TaskScheduler.Default);
    }

    private void Forget(Task task)
    {
        lock (_runningLock)
        {
            _running.Remove(task);
        }
    }

    private async Task KeepAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception exception)
        {
            // By design: told here, since nobody awaits it; what has no index plays all the same.
            LogFailed(_logger, _path, exception);
        }
    }

    private async Task FinishAsync(BroadcastRecording recording)
    {
        await recording.WhenWrittenAsync();
        bool isComplete = true;
        foreach (RecordingFile file in recording.Files.Where(static file => file.Path is not null))
        {
            LogRecorded(_logger, file.Report!.File, file.Report.Seconds, file.Report.Gaps, file.Report.GapSeconds, file.Report.FragmentsSkipped);
            IndexedMovie? movie = await FinishAsync(file.Path!, file.Samples);
            file.Finished(movie?.Bytes);
            isComplete &= movie is not null;
        }

        await _disk.TryAsync(isComplete ? recording.Folder.Release : recording.Folder.Dispose);
    }

    /// <summary>Gives a file its index; null where it stays as it is.</summary>
    /// <param name="path">In fragments.</param>
    /// <param name="samples">How many were written to it; null where nobody knows.</param>
    private async Task<IndexedMovie?> FinishAsync(string path, long? samples)
    {
        try
        {
            await _finishing.WaitAsync(_stopping.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }

        try
        {
            return await Task.Run(() => IndexedMovie.Replace(path, samples, _stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // By design: the server ends, and the next one finishes it.
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            LogNotFinished(_logger, path, failure.Message);
            return null;
        }
        finally
        {
            _finishing.Release();
        }
    }

    /// <summary>Files beside a marker that nobody holds: what is whole in them is kept, and gets its index.</summary>
    private async Task FinishLeftoversAsync()
    {
        List<FileStream> markers = [];
        await _disk.TryAsync(() => markers.AddRange(LeftMarkers()));
        foreach (FileStream marker in markers)
        {
            using (marker)
            {
                List<string> grown = [];
                bool isComplete = await _disk.TryAsync(() => grown.AddRange(GrownMovie.FindIn(Path.GetDirectoryName(marker.Name)!)));
                foreach (string path in grown)
                {
                    IndexedMovie? movie = await FinishAsync(path, samples: null);
                    isComplete &= movie is not null;
                    if (movie is not null)
                    {
                        LogRecovered(_logger, path, movie.Seconds);
                    }
                }

                if (isComplete)
                {
                    await _disk.TryAsync(() => File.Delete(marker.Name));
                }
            }
        }
    }

    private IEnumerable<FileStream> LeftMarkers()
    {
        if (!Directory.Exists(_path))
        {
            yield break;
        }

        foreach (string path in Directory.GetFiles(_path, RecordingFolder.MarkerName, Below))
        {
            FileStream? marker = null;
            try
            {
                marker = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // By design: its process lives.
            }

            if (marker is not null)
            {
                yield return marker;
            }
        }
    }

    [LoggerMessage(8103, LogLevel.Information, "Recorded {File}: {Seconds:0.0} s, {Gaps} gaps ({GapSeconds:0.0} s), {Skipped} fragments skipped.")]
    private static partial void LogRecorded(ILogger logger, string file, double seconds, long gaps, double gapSeconds, long skipped);

    [LoggerMessage(8104, LogLevel.Warning, "Recording {Path} stays as it grew, in fragments, which play all the same: {Why}")]
    private static partial void LogNotFinished(ILogger logger, string path, string why);

    [LoggerMessage(8105, LogLevel.Information, "Recording {Path} was left by a server that did not end well: {Seconds:0.0} s are whole, and have their index.")]
    private static partial void LogRecovered(ILogger logger, string path, double seconds);

    [LoggerMessage(8107, LogLevel.Error, "Recording:Directory {Path}: finishing recordings failed.")]
    private static partial void LogFailed(ILogger logger, string path, Exception exception);

    [LoggerMessage(8106, LogLevel.Warning, "Recording:Directory {Path}: the disk does not answer; recordings are left there as they grew.")]
    private static partial void LogLeft(ILogger logger, string path);
}
