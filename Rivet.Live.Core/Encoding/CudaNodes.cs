using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>NVIDIA's GPUs, as their driver lists them.</summary>
internal static class CudaNodes
{
    public const string Library = "libcuda.so.1";

    /// <summary>The driver is there.</summary>
    public static bool AreKnown => CudaDriver.IsInstalled;

    /// <summary>All of them; may take seconds, or hang.</summary>
    /// <param name="isNvencDirect">See <see cref="Of"/>.</param>
    /// <param name="error">What CUDA answered with; 0 where nothing is wrong.</param>
    public static IReadOnlyList<HardwareNode> Find(bool isNvencDirect, out int error) =>
        [.. CudaDriver.DeviceNames(out error).Select((name, ordinal) => Of(name, ordinal, isNvencDirect))];

    /// <summary>One of them, and what of it is encoded without FFmpeg.</summary>
    /// <param name="name">For people.</param>
    /// <param name="ordinal">CUDA's number.</param>
    /// <param name="isNvencDirect">All that it encodes; otherwise only what this FFmpeg has no encoder of NVIDIA's for.</param>
    public static HardwareNode Of(string? name, int ordinal, bool isNvencDirect) => new(EncoderApi.Nvenc, "nvidia", name, $"{ordinal}")
    {
        DirectCodecs =
        [
            .. Enum.GetValues<VideoCodec>()
                .Where(codec => isNvencDirect || !Codecs.HasEncoder(VideoEncoderSettings.EncoderNameOf(codec, EncoderApi.Nvenc))),
        ],
    };
}
