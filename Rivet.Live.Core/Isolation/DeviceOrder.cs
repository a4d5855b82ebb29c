using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Isolation;

/// <summary>The machine's devices, so that a child numbers and opens the same as the server without searching for them.</summary>
/// <param name="Plan">Without <see cref="DevicePlan.Hardware"/>, which is in <paramref name="Hardware"/>.</param>
/// <param name="Hardware">The machine's GPUs, as the server found them.</param>
internal sealed record DeviceOrder(DevicePlan Plan, IReadOnlyList<HardwareOrder> Hardware)
{
    public static DeviceOrder Of(DevicePlan plan) => new(plan, [.. plan.Hardware.Select(HardwareOrder.Of)]);

    /// <summary>The plan with GPUs that can be opened here.</summary>
    public DevicePlan PlanFor(Codecs codecs) => Plan with
    {
        Hardware = [.. Hardware.Select(one => one.For(codecs))],
    };
}

/// <summary>A GPU, and what was learnt of it.</summary>
internal sealed record HardwareOrder(HardwareNode Node, CodecAbilities Abilities, CodecAbilities Decodes, EncodingSpeed? Speed)
{
    public static HardwareOrder Of(HardwareBackend device) => new(device.Node, device.Abilities, device.Decodes, device.Speed);

    /// <summary>As it is opened here.</summary>
    public HardwareBackend For(Codecs codecs) => new(codecs, Node, Abilities, Decodes, Speed);
}

/// <summary>What a search for GPUs came to, see <see cref="HardwareFindings"/>.</summary>
internal sealed record FindingsOrder(IReadOnlyList<HardwareOrder> Devices, string Tried, string? Trouble)
{
    public static FindingsOrder Of(HardwareFindings found) => new([.. found.Devices.Select(HardwareOrder.Of)], found.Tried, found.Trouble);

    /// <summary>As devices are opened here.</summary>
    public HardwareFindings For(Codecs codecs) => new([.. Devices.Select(one => one.For(codecs))], Tried, Trouble);
}
