using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Tests.Support;

/// <summary>Pools of devices for tests.</summary>
internal static class TestDevices
{
    /// <summary>The vendor that simulated devices pretend to be of.</summary>
    public const string Vendor = "nvidia";

    /// <summary>The CPU alone, which takes whatever comes.</summary>
    public static DevicePool Cpu() => Open(new DevicePlan { BoundsCpu = false });

    /// <summary>Simulated devices alone, one for each number of slots; the CPU is there but not of the policy.</summary>
    public static DevicePool Simulated(IEnumerable<SimulatedDevice> devices, DevicePolicy? policy = null) => Open(new DevicePlan
    {
        Policy = policy ?? new DevicePolicy(Index: null, Vendor),
        BoundsCpu = false,
        Simulated = [.. devices],
        FirstQuarantine = TimeSpan.FromSeconds(0.2),
    });

    public static SimulatedDevice Device(int? slots, out SimulatedFaults faults) => new(Vendor, slots, faults = new SimulatedFaults());

    public static DevicePool Open(DevicePlan plan) =>
        DevicePool.Open(plan, TestCodecs.Shared, presetToMeasure: null, TimeProvider.System, NullLogger<DevicePool>.Instance);
}
