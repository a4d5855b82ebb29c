using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Encoding.Nvenc;

namespace Rivet.Live.Hosting;

/// <summary>What <c>doctor</c> says of NVIDIA's encoders: each is used, by both ways that lead to it, and what it made is looked at.</summary>
internal static class NvencCheck
{
    private const int Pictures = 60;

    /// <summary>For two seconds of small pictures; a driver that takes longer hangs, or is none.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Adds a fact for what each device says of itself, and one for each encoder.</summary>
    public static void Report(IReadOnlyList<HardwareBackend> devices, Codecs codecs, List<DoctorFact> facts)
    {
        foreach (HardwareNode node in devices.Select(static device => device.Node).Where(static node => node.Api == EncoderApi.Nvenc))
        {
            NvencReport? report = null;
            string? trouble = EncoderThread.WhyNot(() => report = codecs.Nvenc.Report(node), Deadline, $"asking {node}");
            facts.Add(trouble is null ? new("nvenc", true, node.ToString(), $"{report}") : new("nvenc", false, null, trouble));
            if (trouble is null)
            {
                Try(node, codecs, facts);
            }
        }
    }

    private static void Try(HardwareNode node, Codecs codecs, List<DoctorFact> facts)
    {
        EncoderSelfTest test = new(codecs);
        PayloadPool payloads = new();
        foreach ((VideoCodec codec, int bitDepth) in CodecAbilities.Candidates)
        {
            foreach (HardwareNode way in WaysTo(node, codec))
            {
                string encoder = $"{VideoEncoderSettings.EncoderNameOf(codec, way)}{(bitDepth == 8 ? "" : $" {bitDepth}-bit")}";
                EncoderTestResult? result = null;
                string? trouble = EncoderThread.WhyNot(() => result = test.Run(EncoderSelfTest.SettingsOf(codec, bitDepth).On(way), Pictures, Open), Deadline, $"{encoder} on {node}");
                facts.Add(new("nvenc", trouble is null, $"device {node.Address} {encoder}", trouble ?? $"{result}"));
            }
        }

        IVideoEncoder Open(VideoEncoderSettings settings) => codecs.OpenEncoder(settings, payloads, $"{FFmpegLog.TrialPrefix}{node.Address}");
    }

    /// <summary>Without FFmpeg, and with it where it has such an encoder.</summary>
    private static IEnumerable<HardwareNode> WaysTo(HardwareNode node, VideoCodec codec)
    {
        yield return node with { DirectCodecs = [codec] };
        if (Codecs.HasEncoder(VideoEncoderSettings.EncoderNameOf(codec, EncoderApi.Nvenc)))
        {
            yield return node with { DirectCodecs = [] };
        }
    }
}
