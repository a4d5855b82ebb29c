using Rivet.Live.Configuration;
using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Isolation;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Pipeline;

namespace Rivet.Live.Hosting;

/// <summary>Settings become the plan that the pipeline executes: the only place that knows both.</summary>
internal static class LivePlans
{
    public static LivePlan Of(LiveSettings settings) => new()
    {
        Ladder = [.. settings.Ladder.Renditions.Select(static rendition =>
            new Rendition(rendition.Name, rendition.Height, rendition.VideoBitrateBps, rendition.MaxFrameRate, CodecOf(rendition.Codec)))],
        SourceListing = settings.Ladder.Source switch
        {
            SourceRendition.Always => SourceListing.Always,
            SourceRendition.Never => SourceListing.Never,
            _ => SourceListing.Auto,
        },
        Devices = DevicesOf(settings.Encoding),
        Fallback = settings.Encoding.Fallback switch
        {
            EncodingFallback.DropRendition => EncoderFallback.DropRendition,
            EncodingFallback.Fail => EncoderFallback.Fail,
            _ => EncoderFallback.Software,
        },
        Overload = settings.Ladder.Overload == OverloadPolicy.Refuse ? LadderOverload.Refuse : LadderOverload.Shed,
        Isolation = settings.Encoding.Isolation == EncodingIsolation.Process ? IsolationOf(settings.Encoding) : null,
        Tuning = TuningOf(settings.Encoding),
        IngestLimits = IngestLimits.Default with
        {
            MaxFragmentBytes = settings.Ingest.MaxFragmentBytes,
            MaxBroadcasts = settings.Ingest.MaxBroadcasts,
            Idle = settings.Ingest.Idle,
        },
        StallPatience = settings.Ingest.Stall,
        ReconnectWithin = settings.Ingest.Reconnect,
        PartSeconds = settings.Hls.Part.TotalSeconds,
        SegmentSeconds = settings.Hls.Segment.TotalSeconds,
        WindowSeconds = settings.Hls.Window.TotalSeconds,
        SpillDirectory = settings.Hls.SpillDirectory,
        RecordingDirectory = settings.Recording.Directory,
        KeepEnded = settings.Hls.KeepEnded,
        KeepStats = settings.Stats.KeepEnded,
    };

    /// <summary>The machine's GPUs, and what they encode, as <c>doctor</c> finds them: in this process. Takes as long as their drivers do.</summary>
    public static HardwareFindings FindHardware(LiveSettings settings, Codecs codecs) =>
        new HardwareSearch(codecs, HardwareSearch.StartDeadline, IsNvencDirect(settings)).Find();

    /// <summary>As <see cref="FindHardware(LiveSettings, Codecs)"/>, in a child where <c>Encoding:Isolation</c> wants drivers there.</summary>
    public static HardwareFindings FindHardware(LiveSettings settings, Codecs codecs, ILoggerFactory loggers) => Of(settings).Isolation is { } isolation
        ? IsolatedSearch.Find(isolation, IsNvencDirect(settings), codecs, loggers)
        : FindHardware(settings, codecs);

    /// <summary>The same plan on a machine with these GPUs.</summary>
    public static LivePlan With(this LivePlan plan, HardwareFindings hardware) => plan with { Devices = plan.Devices with { Hardware = hardware.Devices } };

    /// <summary>Children are this program once more: its executable, or the one that runs its assembly.</summary>
    private static IsolationPlan IsolationOf(EncodingSettings encoding)
    {
        string own = typeof(LivePlans).Assembly.Location;
        string program = Environment.ProcessPath ?? "dotnet";
        long bytesMax = (long)encoding.ChildMaxMegabytes << 20;
        bool isOwn = Path.GetFileNameWithoutExtension(program) == Path.GetFileNameWithoutExtension(own);
        return isOwn ? new IsolationPlan(program, [], bytesMax) : new IsolationPlan("dotnet", [own], bytesMax);
    }

    private static bool IsNvencDirect(LiveSettings settings) => settings.Encoding.Nvenc == NvencAccess.Direct;

    internal static DevicePlan DevicesOf(EncodingSettings encoding) => new()
    {
        Policy = new DevicePolicy(encoding.Policy.Device, encoding.Policy.Family is { } family ? KebabWords<EncoderFamily>.Write(family) : null),
        SlotsPerDevice = encoding.SlotsPerDevice,
        DecodeDevice = encoding.DecodeDevice,
        DecodersMax = encoding.DecodersMax,
        Simulated = [.. encoding.Simulated.Select(static device =>
            new SimulatedDevice(KebabWords<EncoderFamily>.Write(device.Family), device.Slots, new SimulatedFaults(new ToldFaults { Speed = device.Speed })))],
    };

    internal static VideoCodec CodecOf(RenditionCodec codec) => codec switch
    {
        RenditionCodec.Hevc => VideoCodec.Hevc,
        RenditionCodec.Av1 => VideoCodec.Av1,
        _ => VideoCodec.H264,
    };

    private static EncoderTuning TuningOf(EncodingSettings encoding) => new()
    {
        Target = encoding.Target switch
        {
            EncodingTarget.VisuallyLossless => QualityTarget.VisuallyLossless,
            EncodingTarget.High => QualityTarget.High,
            EncodingTarget.Low => QualityTarget.Low,
            _ => QualityTarget.Standard,
        },
        Tier = encoding.Tier switch
        {
            EncodingTier.Draft => SpeedTier.Draft,
            EncodingTier.Archive => SpeedTier.Archive,
            _ => SpeedTier.Standard,
        },
        ConstantQuantizer = encoding.ConstantQp > 0 ? encoding.ConstantQp : null,
        Options = [.. encoding.Options.Select(static option => new EncoderOption(option.Encoder, option.Name, option.Value))],
    };
}
