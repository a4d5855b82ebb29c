using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Devices;

/// <summary>What the operator wants of the machine's devices.</summary>
internal sealed record DevicePlan
{
    public DevicePolicy Policy { get; init; } = DevicePolicy.All;

    /// <summary>Encoders at once per device; 0 leaves it to what is measured and learnt.</summary>
    public int SlotsPerDevice { get; init; }

    /// <summary>Number of the device that decodes; 0 is the CPU.</summary>
    public int DecodeDevice { get; init; }

    /// <summary>Decoders at once on that device; 0 leaves it to what is learnt.</summary>
    public int DecodersMax { get; init; }

    /// <summary>False lets devices take any number of encoders: for work without a clock, where they cannot be too slow.</summary>
    public bool BoundsWork { get; init; } = true;

    /// <summary>The machine's GPUs, as they were found.</summary>
    public IReadOnlyList<HardwareBackend> Hardware { get; init; } = [];

    public IReadOnlyList<SimulatedDevice> Simulated { get; init; } = [];

    public EncoderDeadlines Deadlines { get; init; } = EncoderDeadlines.Live;

    /// <summary>How long a device that failed is left alone first.</summary>
    public TimeSpan FirstQuarantine { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>A device that is none, see <see cref="SimulatedBackend"/>.</summary>
/// <param name="Vendor">Whose it pretends to be.</param>
/// <param name="Slots">Encoders that it says it can run at once; null where only opening them tells.</param>
/// <param name="Faults">What it does wrong.</param>
internal sealed record SimulatedDevice(string Vendor, int? Slots, SimulatedFaults Faults)
{
    /// <summary>How fast it is said to encode; null where slots are its only bound.</summary>
    public EncodingSpeed? Speed { get; init; }

    /// <summary>What it says that it encodes.</summary>
    public CodecAbilities Abilities { get; init; } = CodecAbilities.All;

    /// <summary>What it says that it decodes.</summary>
    public CodecAbilities Decodes { get; init; } = CodecAbilities.All;
}
