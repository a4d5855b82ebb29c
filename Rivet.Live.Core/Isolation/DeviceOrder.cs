using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Isolation;

/// <summary>The machine's devices, so that a child numbers and opens the same as the server without searching for them.</summary>
/// <param name="Plan">Without <see cref="DevicePlan.Hardware"/>, which is in <paramref name="Hardware"/>.</param>
/// <param name="Hardware">The machine's GPUs, as the server found them.</param>
internal sealed record DeviceOrder(DevicePlan Plan, IReadOnlyList<HardwareOrder> Hardware)
{
    public static DeviceOrder Of(DevicePlan plan) =>
        new(plan, [.. plan.Hardware.Select(static device => new HardwareOrder(device.Node, device.Abilities, device.Decodes))]);

    /// <summary>The plan with GPUs that can be opened here.</summary>
    public DevicePlan PlanFor(Codecs codecs) => Plan with
    {
        Hardware = [.. Hardware.Select(one => new HardwareBackend(codecs, one.Node, one.Abilities, one.Decodes, speed: null))],
    };
}

/// <summary>A GPU, and what was learnt of it.</summary>
internal sealed record HardwareOrder(HardwareNode Node, CodecAbilities Abilities, CodecAbilities Decodes);
