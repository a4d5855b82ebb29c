namespace Rivet.Live.Configuration;

/// <summary>Who encodes, and how well.</summary>
internal sealed record EncodingSettings
{
    public EncodingPolicy Policy { get; init; } = EncodingPolicy.All;

    /// <summary>Encoders at once per device; 0 asks the device.</summary>
    public int SlotsPerDevice { get; init; }

    /// <summary>Number of the device that decodes; 0 is the CPU.</summary>
    public int DecodeDevice { get; init; }

    /// <summary>Decoders at once on that device; 0 asks the device.</summary>
    public int DecodersMax { get; init; }

    /// <summary>Devices that are none, to try and to show how the server gets along with several.</summary>
    public IReadOnlyList<SimulatedDeviceSettings> Simulated { get; init; } = [];

    public EncodingFallback Fallback { get; init; } = EncodingFallback.Software;

    /// <summary>The codec of renditions that name none.</summary>
    public RenditionCodec Codec { get; init; } = RenditionCodec.H264;

    public EncodingTarget Target { get; init; } = EncodingTarget.Standard;

    public EncodingTier Tier { get; init; } = EncodingTier.Standard;

    /// <summary>The quantizer of every picture; 0 leaves it to rate control.</summary>
    public int ConstantQp { get; init; }

    /// <summary>Said to encoders last.</summary>
    public IReadOnlyList<EncoderOptionSettings> Options { get; init; } = [];

    public EncodingIsolation Isolation { get; init; } = EncodingIsolation.InProcess;

    /// <summary>Resident memory of a child process, in megabytes: one that takes more is replaced.</summary>
    public int ChildMaxMegabytes { get; init; } = 4096;

    public NvencAccess Nvenc { get; init; } = NvencAccess.Libavcodec;
}
