using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Devices;

/// <summary>Finds the machine's GPUs and what they encode and decode: drivers are asked on threads of their own, all devices at once.</summary>
/// <param name="codecs">Opens encoders and decoders.</param>
/// <param name="deadline">How long a driver may take for an answer.</param>
/// <param name="isNvencDirect">NVIDIA's encoders without FFmpeg; otherwise only those that this FFmpeg does not have.</param>
internal sealed class HardwareSearch(Codecs codecs, TimeSpan deadline, bool isNvencDirect = false)
{
    private const string Sysfs = "/sys/class/drm";
    private const string Devices = "/dev/dri";

    /// <summary>The first call into a driver takes seconds, and a busy machine needs its time to look at what came out; one that takes longer holds up the start no further.</summary>
    public static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(20);

    /// <summary>Every GPU that was found, also those that encode nothing: NVIDIA's first, then render nodes.</summary>
    public HardwareFindings Find()
    {
        List<IReadOnlyList<HardwareNode>> found = [];
        string nvidia = $"no NVIDIA driver ({CudaNodes.Library})";
        string? trouble = null;
        if (CudaNodes.AreKnown)
        {
            (IReadOnlyList<HardwareNode> nodes, trouble) = FindCuda();
            found.AddRange(nodes.Select(static node => new[] { node }));
            nvidia = trouble ?? $"{nodes.Count} devices of {CudaNodes.Library}";
        }

        IReadOnlyList<IReadOnlyList<HardwareNode>> rendering = RenderNodes.Find(Sysfs, Devices);
        found.AddRange(rendering);
        HardwareBackend[] devices = [.. found.AsParallel().AsOrdered().WithDegreeOfParallelism(Math.Max(1, found.Count)).Select(Learn)];
        return new HardwareFindings(devices, $"{nvidia}, {(rendering.Count == 0 ? "no" : rendering.Count)} render node of Intel or AMD in {Devices}", trouble);
    }

    /// <summary>Has a device that may hang try one of its ways after the other, until one encodes something, and then decode.</summary>
    internal HardwareBackend Learn(IReadOnlyList<HardwareNode> ways)
    {
        List<string> reasons = [];
        foreach (HardwareNode way in ways)
        {
            CodecAbilities abilities = Learn(way, static (probe, node) => probe.Learn(node));
            if (abilities.Any)
            {
                return new HardwareBackend(codecs, way, abilities, Learn(way, static (probe, node) => probe.LearnDecoding(node)), SpeedOf(way, abilities));
            }

            reasons.Add(abilities.Why!);
        }

        return new HardwareBackend(
            codecs, ways[0], CodecAbilities.None(string.Join("; ", reasons)), Learn(ways[0], static (probe, node) => probe.LearnDecoding(node)), speed: null);
    }

    private CodecAbilities Learn(HardwareNode way, Func<DeviceProbe, HardwareNode, CodecAbilities> learn)
    {
        CodecAbilities abilities = CodecAbilities.None("");
        string? trouble = Watch($"learning {way.Address}", () => abilities = learn(new DeviceProbe(codecs), way));
        return trouble is null ? abilities : CodecAbilities.None(trouble);
    }

    /// <summary>Measured before anybody else uses it, so that nobody is refused a session for it.</summary>
    private EncodingSpeed SpeedOf(HardwareNode way, CodecAbilities abilities)
    {
        EncodingSpeed speed = EncodingSpeed.Unmeasured("");
        string? trouble = Watch($"measuring {way.Address}", () => speed = new DeviceProbe(codecs).LearnSpeed(way, abilities));
        return trouble is null ? speed : EncodingSpeed.Unmeasured(trouble);
    }

    private (IReadOnlyList<HardwareNode> Nodes, string? Trouble) FindCuda()
    {
        IReadOnlyList<HardwareNode> nodes = [];
        int error = 0;
        string? trouble = Watch("counting CUDA devices", () => nodes = CudaNodes.Find(isNvencDirect, out error));
        return trouble is null ? (nodes, error == 0 ? null : $"{CudaNodes.Library} answers with CUDA error {error}") : ([], trouble);
    }

    /// <inheritdoc cref="EncoderThread.WhyNot"/>
    private string? Watch(string what, Action job) => EncoderThread.WhyNot(job, deadline, what);
}

/// <summary>What a search for GPUs came to.</summary>
/// <param name="Devices">All that were found.</param>
/// <param name="Tried">Where they were looked for, and what was there.</param>
/// <param name="Trouble">Why there may be more than were found; null where nothing went wrong.</param>
internal sealed record HardwareFindings(IReadOnlyList<HardwareBackend> Devices, string Tried, string? Trouble);
