using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Configuration;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Pipeline;

namespace Rivet.Live.Hosting;

/// <summary>The <c>doctor</c> verb: what this machine offers.</summary>
internal static class Doctor
{
    /// <summary>Looks and tries.</summary>
    /// <exception cref="StartRefusedException">No usable FFmpeg library.</exception>
    public static DoctorReport Examine(LiveSettings settings)
    {
        List<DoctorFact> facts =
        [
            new("system", null, null, $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}"),
            new("runtime", null, null, RuntimeInformation.FrameworkDescription),
            new("processors", null, null, Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)),
        ];

        Codecs codecs = LiveServices.LoadCodecs(NullLoggerFactory.Instance, TimeProvider.System);
        facts.Add(new("libraries", null, null, codecs.Description));
        facts.AddRange(codecs.Paths.Select(static path => new DoctorFact("library", null, null, path)));

        IReadOnlyList<CodecReport> encoders = codecs.ProbeEncoders();
        IReadOnlyList<CodecReport> decoders = Codecs.ProbeDecoders();
        facts.AddRange(encoders.Select(static codec => new DoctorFact("encoder", codec.Works, codec.Name, codec.Text)));
        facts.AddRange(decoders.Select(static codec => new DoctorFact("decoder", codec.Works, codec.Name, codec.Text)));
        ReportDevices(settings, codecs, facts);
        bool canEncode = ReportLadder(settings, codecs, facts);
        bool canRun = canEncode && Works(decoders, "h264");
        return new DoctorReport(
            canRun,
            canRun
                ? "The ladder can run here."
                : "The ladder cannot run here: it needs the encoders of its renditions and an H.264 decoder. Install libavcodec-extra.",
            facts);
    }

    /// <summary>A fact per rendition, and whether it can be encoded; false where one cannot.</summary>
    private static bool ReportLadder(LiveSettings settings, Codecs codecs, List<DoctorFact> facts)
    {
        LivePlan plan = LivePlans.Of(settings);
        Dictionary<VideoCodec, string?> refusals = plan.Ladder
            .Select(static rendition => rendition.Codec)
            .Distinct()
            .ToDictionary(static codec => codec, codec => EncoderCheck.WhyNot(plan, codecs, codec));
        foreach (Rendition rendition in plan.Ladder)
        {
            string rate = rendition.MaxFrameRate is double most ? $", at most {most} pictures/s" : "";
            string how = refusals[rendition.Codec] ?? $"{VideoEncoderSettings.EncoderNameOf(rendition.Codec)}, preset {plan.Tuning.PresetOf(rendition.Codec)}";
            facts.Add(new(
                "rendition", refusals[rendition.Codec] is null, rendition.Name, $"{rendition.Height} lines, {rendition.VideoBitrateBps} b/s{rate}, {how}"));
        }

        return refusals.Values.All(static refusal => refusal is null);
    }

    /// <summary>A fact per device: its number, which a policy may name, whether it is of the policy in force, and whether it encodes.</summary>
    private static void ReportDevices(LiveSettings settings, Codecs codecs, List<DoctorFact> facts)
    {
        HardwareFindings hardware = LivePlans.FindHardware(settings, codecs);
        LivePlan plan = LivePlans.Of(settings).With(hardware);
        DeviceProbe probe = new(codecs);
        foreach (EncoderDevice device in DevicePool.DevicesOf(plan.Devices, codecs, TimeProvider.System))
        {
            string? trouble = device.Abilities.Any ? probe.WhyNot(device)?.ToString() : device.Abilities.Why;
            string bound = (device.Capacity, device.Slots) switch
            {
                (not null, _) when device.IsSoftware => MeasuredOf(codecs, plan.Tuning.PresetOf(VideoCodec.H264)),
                ({ } capacity, _) => string.Create(CultureInfo.InvariantCulture, $"{capacity.PixelsPerSecond / 1e6:0} million pixels a second promised"),
                (_, { } slots) => $"{slots} slots",
                _ => "as many slots as its driver opens",
            };
            string able = device.IsSoftware ? "" : $"decodes {device.Backend.Decodes}, encodes {device.Abilities}, ";
            facts.Add(new(
                $"device {device.Index}",
                trouble is null,
                device.Id,
                $"{device.Vendor}, {device.Name ?? "no name"}, {able}{bound}"
                + (plan.Devices.Policy.Allows(device) ? "" : ", not of the policy") + (trouble is null ? "" : $": {trouble}")));
        }

        NvencCheck.Report(hardware.Devices, codecs, facts);
        if (hardware.Devices.Count == 0)
        {
            facts.Add(new("gpu", false, null, $"none found: {hardware.Tried}"));
        }
    }

    private static string MeasuredOf(Codecs codecs, string preset)
    {
        try
        {
            double perThread = CpuCalibration.Measure(codecs, preset);
            return string.Create(CultureInfo.InvariantCulture, $"{perThread / 1e6:0.0} million pixels a second and thread with {preset}");
        }
        catch (CodecException failed)
        {
            return failed.Message;
        }
    }

    private static bool Works(IReadOnlyList<CodecReport> codecs, string name) => codecs.Any(codec => codec.Works && codec.Name == name);
}
