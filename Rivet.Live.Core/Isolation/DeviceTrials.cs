using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Isolation;

/// <summary>Has devices that failed tried in a child of their own: a driver that crashes then takes nothing else with it.</summary>
/// <param name="launcher">Starts children.</param>
/// <param name="plan">The machine's devices, as the pool was opened with.</param>
/// <param name="time">The clock.</param>
internal sealed class DeviceTrials(ChildLauncher launcher, DevicePlan plan, TimeProvider time)
{
    /// <summary>For a child that is silent; one that gets on notices what hangs by itself.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>What went wrong with a device; null where it encodes.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<EncoderFault?> WhyNotAsync(EncoderDevice device, CancellationToken stopped)
    {
        try
        {
            using Child child = await launcher.TakeAsync();
            TaskCompletionSource<EncoderFault?> said = new(TaskCreationOptions.RunContinuationsAsynchronously);
            child.Adopt(message => said.TrySetResult(message is TrialEnded ended
                ? ended.Fault
                : throw new InvalidDataException($"Saw {message.GetType().Name}, which is nothing that a child says of a trial.")));
            child.Send(new TrialBegun(ChildReady.CurrentVersion, DeviceOrder.Of(plan), device.Index));
            await Task.WhenAny(said.Task, child.Ended).WaitAsync(Deadline, time, stopped);
            return said.Task.IsCompleted ? await said.Task : EncoderFault.Failed;
        }
        catch (ChildLostException)
        {
            // By design: without a child nobody knows, and the device is tried again later.
            return EncoderFault.Failed;
        }
        catch (TimeoutException)
        {
            return EncoderFault.Hung;
        }
    }
}
