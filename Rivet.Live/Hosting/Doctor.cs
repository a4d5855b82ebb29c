using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Configuration;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Pipeline;

namespace Rivet.Live.Hosting;

/// <summary>The <c>doctor</c> verb: what this machine offers, a fact per line.</summary>
internal static class Doctor
{
    /// <summary>Prints and tries; done when the ladder can run here.</summary>
    /// <exception cref="StartRefusedException">No usable FFmpeg library.</exception>
    public static ExitCode Report(LiveSettings settings, TextWriter output)
    {
        output.WriteLine($"system      {RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}");
        output.WriteLine($"runtime     {RuntimeInformation.FrameworkDescription}");
        output.WriteLine($"processors  {Environment.ProcessorCount}");

        Codecs codecs = LiveServices.LoadCodecs(NullLoggerFactory.Instance, TimeProvider.System);
        output.WriteLine($"libraries   {codecs.Description}");
        foreach (string path in codecs.Paths)
        {
            output.WriteLine($"            {path}");
        }

        IReadOnlyList<CodecReport> encoders = codecs.ProbeEncoders();
        IReadOnlyList<CodecReport> decoders = Codecs.ProbeDecoders();
        Report("encoder", encoders, output);
        Report("decoder", decoders, output);
        ReportDevices(settings, codecs, output);
        bool canEncode = ReportLadder(settings, codecs, output);
        bool canRun = canEncode && Works(decoders, "h264");
        output.WriteLine(canRun
            ? "The ladder can run here."
            : "The ladder cannot run here: it needs the encoders of its renditions and an H.264 decoder. Install libavcodec-extra.");
        return canRun ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>A rendition per line, and whether it can be encoded; false where one cannot.</summary>
    private static bool ReportLadder(LiveSettings settings, Codecs codecs, TextWriter output)
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
            output.WriteLine($"rendition   {(refusals[rendition.Codec] is null ? "yes" : "no ")} {rendition.Name}: "
                + $"{rendition.Height} lines, {rendition.VideoBitrateBps} b/s{rate}, {how}");
        }

        return refusals.Values.All(static refusal => refusal is null);
    }

    private static void Report(string kind, IReadOnlyList<CodecReport> codecs, TextWriter output)
    {
        foreach (CodecReport codec in codecs)
        {
            output.WriteLine($"{kind,-11} {(codec.Works ? "yes" : "no ")} {codec.Name}: {codec.Text}");
        }
    }

    /// <summary>A device per line: its number, which a policy may name, whether it is of the policy in force, and whether it encodes.</summary>
    private static void ReportDevices(LiveSettings settings, Codecs codecs, TextWriter output)
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
            output.WriteLine(
                $"device {device.Index}    {(trouble is null ? "yes" : "no ")} {device.Id}: {device.Vendor}, {device.Name ?? "no name"}, {able}{bound}"
                + (plan.Devices.Policy.Allows(device) ? "" : ", not of the policy") + (trouble is null ? "" : $": {trouble}"));
        }

        NvencCheck.Report(hardware.Devices, codecs, output);
        if (hardware.Devices.Count == 0)
        {
            output.WriteLine($"gpu         no  none found: {hardware.Tried}");
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
