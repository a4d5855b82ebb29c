using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Recording;

/// <summary>One session's recorders: one for the publisher's picture and one for each rendition, all with the same sound.</summary>
internal sealed partial class BroadcastRecording(
    BroadcastSession session,
    RecordingFolder folder,
    AudioTape tape,
    RecordingDisk disk,
    PayloadPool pool,
    Func<FragmentBroadcaster, string?> nameOf,
    ILogger logger)
{
    /// <summary>Half a minute of media may wait for the disk; 4096 fragments are that at 100 per second.</summary>
    private static readonly SubscriptionBound Bound = new(30, 4096);

    private readonly Lock _recordersLock = new();
    private readonly List<TrackRecorder> _recorders = [];
    private readonly List<Task> _tasks = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IDisposable? _observation;
    private CancellationTokenRegistration _abortion;
    private volatile bool _hasPicture;

    public RecordingFolder Folder => folder;

    /// <summary>All files so far.</summary>
    public IReadOnlyList<RecordingFile> Files
    {
        get
        {
            lock (_recordersLock)
            {
                return [.. _recorders.SelectMany(static recorder => recorder.Files)];
            }
        }
    }

    /// <summary>Records the session's tracks that there are and that will open.</summary>
    /// <param name="registry">Where they are.</param>
    /// <param name="aborting">Ends it early.</param>
    public void Observe(FragmentBroadcasterRegistry registry, CancellationToken aborting)
    {
        _observation = registry.Observe(track => Opened(track, aborting), static _ => { });
        _abortion = aborting.Register(End);
    }

    /// <summary>All of the session's tracks have ended.</summary>
    public void End()
    {
        _observation?.Dispose();
        _ended.TrySetResult();
    }

    /// <summary>Completes when the session has ended and everything that was taken of it is written.</summary>
    public async Task WhenWrittenAsync()
    {
        await _ended.Task;
        Task[] tasks;
        lock (_recordersLock)
        {
            tasks = [.. _tasks];
        }

        await Task.WhenAll(tasks);
        await _abortion.DisposeAsync();
        tape.Dispose();
    }

    private void Opened(FragmentBroadcaster track, CancellationToken aborting)
    {
        if (track.Session != session || nameOf(track) is not { } name)
        {
            return;
        }

        bool isSound = track.Kind == TrackKind.Audio;
        var recorder = new TrackRecorder(name, track.Subscribe(Bound), isSound ? null : tape, folder, disk, pool);
        lock (_recordersLock)
        {
            _hasPicture |= !isSound;
            _recorders.Add(recorder);

            // Sound has a file of its own only where there is no picture. All tracks of a movie open before its media comes.
            _tasks.Add(StartAsync(name, () => recorder.RunAsync(() => !isSound || !_hasPicture, aborting), aborting));
            if (isSound)
            {
                FragmentSubscription subscription = track.Subscribe(Bound);
                _tasks.Add(StartAsync(name, () => tape.RunAsync(track.Track, subscription, aborting), aborting));
            }
        }
    }

    // On the pool as a whole: a rendition's track opens on its drain's own scheduler, which goes with the drain; an end that is awaited there is never noticed.
    private Task StartAsync(string name, Func<Task> recorder, CancellationToken aborting) => Task.Run(() => KeepAsync(name, recorder, aborting), CancellationToken.None);

    private async Task KeepAsync(string name, Func<Task> recorder, CancellationToken aborting)
    {
        try
        {
            await recorder();
        }
        catch (OperationCanceledException) when (aborting.IsCancellationRequested)
        {
            // By design: the server ends; what was taken is written.
        }
        catch (Exception exception)
        {
            // By design: one recorder's bug must not take the others with it, nor the broadcast.
            LogFailed(logger, session.Broadcast, name, exception);
        }
    }

    [LoggerMessage(8110, LogLevel.Error, "{Broadcast}: recording {Name} failed; the broadcast goes on.")]
    private static partial void LogFailed(ILogger logger, BroadcastId broadcast, string name, Exception exception);
}
