using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Tests.Support;

/// <summary>Pools of devices for tests.</summary>
internal static class TestDevices
{
    /// <summary>The vendor that simulated devices pretend to be of.</summary>
    public const string Vendor = "nvidia";

    /// <summary>The CPU alone, which takes whatever comes.</summary>
    public static DevicePool Cpu() => Open(new DevicePlan { BoundsWork = false });

    /// <summary>Simulated devices alone, one for each number of slots; the CPU is there but not of the policy.</summary>
    public static DevicePool Simulated(IEnumerable<SimulatedDevice> devices, DevicePolicy? policy = null, EncoderDeadlines? deadlines = null, int decodeDevice = 0) => Open(new DevicePlan
    {
        DecodeDevice = decodeDevice,
        Policy = policy ?? new DevicePolicy(Index: null, Vendor),
        Deadlines = deadlines ?? EncoderDeadlines.Live,
        BoundsWork = false,
        Simulated = [.. devices],
        FirstQuarantine = TimeSpan.FromSeconds(0.2),
    });

    /// <summary>Simulated devices of any vendors, and no CPU at all.</summary>
    public static DevicePool WithoutCpu(params SimulatedDevice[] devices)
    {
        DevicePlan plan = new() { BoundsWork = false, Simulated = devices, FirstQuarantine = TimeSpan.FromSeconds(0.2) };
        IReadOnlyList<EncoderDevice> all = DevicePool.DevicesOf(plan, TestCodecs.Shared, TimeProvider.System);
        return new DevicePool(
            [.. all.Where(static device => !device.IsSoftware)], DevicePolicy.All,
            CpuDecoders(), new DeviceProbe(TestCodecs.Shared).WhyNotAsync, TimeProvider.System, NullLogger<DevicePool>.Instance);
    }

    /// <summary>Nothing but the CPU decodes.</summary>
    public static DecoderDesk CpuDecoders() => DevicePool.DecodersOf(new DevicePlan(), [], TestCodecs.Shared, TimeProvider.System, NullLogger.Instance);

    public static SimulatedDevice Device(int? slots, out SimulatedFaults faults) => new(Vendor, slots, faults = new SimulatedFaults());

    public static DevicePool Open(DevicePlan plan) =>
        DevicePool.Open(plan, TestCodecs.Shared, presetToMeasure: null, TimeProvider.System, NullLogger<DevicePool>.Instance);
}
