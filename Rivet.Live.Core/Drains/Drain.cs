using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Broadcast;

namespace Rivet.Live.Core.Drains;

/// <summary>Feeds one transcoder with one track's fragments until the track ends. An exception inside the transcoder stays here.</summary>
internal sealed partial class Drain(
    DrainKey key,
    BroadcastSession session,
    ITranscoder transcoder,
    FragmentSubscription subscription,
    RenditionProgress progress,
    ILogger<Drain> logger)
{
    private readonly long[] _panics = new long[Enum.GetValues<DrainPhase>().Length];
    private long _fragmentsSeen;

    public DrainKey Key => key;

    public BroadcastSession Session => session;

    public RenditionProgress Progress => progress;

    /// <summary>Fragments read from the track, counted before the transcoder is called.</summary>
    public long FragmentsSeen => Interlocked.Read(ref _fragmentsSeen);

    /// <summary>Exceptions caught in all of the transcoder's calls.</summary>
    public long Panics => _panics.Sum();

    /// <summary>Fragments that this drain was too slow to get.</summary>
    public long FragmentsSkipped => subscription.Skipped;

    /// <summary>Compressed media that waits for this drain, in seconds.</summary>
    public double QueuedSeconds => subscription.QueuedSeconds;

    public long PanicsIn(DrainPhase phase) => Interlocked.Read(ref _panics[(int)phase]);

    /// <summary>Runs until the track has ended and everything read was transcoded, or until start failed.</summary>
    /// <param name="aborting">Drops everything now; the transcoder is still stopped.</param>
    public async Task<DrainEndReason> RunAsync(CancellationToken aborting)
    {
        bool started = false;
        bool stopped = false;
        try
        {
            while (await ReadAsync(aborting) is { } fragment)
            {
                using (fragment)
                {
                    if (!started && !(started = Call(DrainPhase.Start, () => transcoder.Start(fragment.Track))))
                    {
                        progress.State = RenditionState.Failed;
                        return DrainEndReason.StartFailed;
                    }

                    Interlocked.Increment(ref _fragmentsSeen);
                    Call(DrainPhase.Fragment, () => transcoder.Accept(fragment));
                }
            }

            stopped = true;
            await StopAsync(started, aborting);
            return DrainEndReason.TrackEnded;
        }
        catch (OperationCanceledException) when (aborting.IsCancellationRequested)
        {
            return DrainEndReason.Aborted;
        }
        finally
        {
            subscription.Dispose();
            if (started && !stopped)
            {
                Call(DrainPhase.Stop, transcoder.Stop);
            }

            Call(DrainPhase.Stop, transcoder.Dispose);
            if (progress.State != RenditionState.Failed)
            {
                progress.State = RenditionState.Stopped;
            }
        }
    }

    /// <summary>The next fragment. Until it comes, the transcoder goes on with whatever else it waits for.</summary>
    private async ValueTask<Fragment?> ReadAsync(CancellationToken aborting)
    {
        ValueTask<Fragment?> next = subscription.ReadAsync(aborting);
        if (next.IsCompleted || transcoder.Pending is null)
        {
            return await next;
        }

        Task<Fragment?> reading = next.AsTask();
        while (transcoder.Pending is { } pending && await Task.WhenAny(reading, pending) == pending)
        {
            Call(DrainPhase.Fragment, transcoder.Continue);
        }

        return await reading;
    }

    private async Task StopAsync(bool started, CancellationToken aborting)
    {
        if (!started)
        {
            return;
        }

        Call(DrainPhase.Stop, transcoder.Stop);
        while (transcoder.Pending is { } pending)
        {
            await pending.WaitAsync(aborting);
            Call(DrainPhase.Stop, transcoder.Continue);
        }
    }

    private bool Call(DrainPhase phase, Action call)
    {
        try
        {
            call();
            return true;
        }
        catch (Exception exception)
        {
            // By design: rule 6, a transcoder's exception is counted with its phase and touches nothing else.
            Interlocked.Increment(ref _panics[(int)phase]);
            LogPanic(logger, key, phase, exception);
            return false;
        }
    }

    [LoggerMessage(4001, LogLevel.Error, "Drain {Drain} caught an exception of its transcoder in {Phase}.")]
    private static partial void LogPanic(ILogger logger, DrainKey drain, DrainPhase phase, Exception exception);
}
