using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Isolation;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Support;

namespace Rivet.Live.Tests.Isolation;

/// <summary>A message of each kind, filled with values that no default has.</summary>
internal static class TestMessages
{
    private static ToldFaults Told { get; } = new()
    {
        Speed = 1.5,
        Engines = (2, 3e8),
        SessionsMax = 4,
        DecodersMax = 5,
        OpensToFailure = 6,
        PicturesToFailure = 7,
        SamplesToFailure = 8,
        IsBusy = true,
        IsHanging = true,
        IsLost = true,
        Profile = "baseline",
    };

    private static DeviceOrder Devices { get; } = new(
        new DevicePlan
        {
            Policy = new DevicePolicy(1, "nvidia"),
            DecodeDevice = 1,
            DecodersMax = 2,
            BoundsWork = false,
            Simulated = [new SimulatedDevice("intel", Slots: null, new SimulatedFaults(Told)) { Decodes = CodecAbilities.None("it does not") }, new SimulatedDevice("amd", Slots: 2, new SimulatedFaults())],
        },
        [new HardwareOrder(new HardwareNode(EncoderApi.Nvenc, "nvidia", "A GPU", "0") { DirectCodecs = [VideoCodec.Av1] }, CodecAbilities.Of((VideoCodec.Av1, 10)) with { Wrong = ["a plane"] }, CodecAbilities.All, new EncodingSpeed(4e8, 3))]);

    public static LadderOrder Order { get; } = new()
    {
        Broadcast = BroadcastId.Parse("live/demo"),
        Renditions = [new Rendition("720p", 720, 2_500_000), new Rendition("480p", 480, 1_200_000, 29.97, VideoCodec.Hevc)],
        Limits = FeedLimits.Live,
        Fallback = EncoderFallback.DropRendition,
        Tuning = new EncoderTuning { Target = QualityTarget.High, Tier = SpeedTier.Archive, ConstantQuantizer = 30, Options = [new EncoderOption("libx264", "aq-mode", "3")] },
        EncoderThreadsMax = 3,
        CallMax = TimeSpan.FromSeconds(7),
        Devices = Devices,
        Resumes = new Dictionary<string, RenditionResume>
        {
            ["720p"] = new(new MediaTime(-5, 90000), new PublishedMedia(FragmentFactory.Video, new MediaTime(7, 90000))),
            ["480p"] = new(new MediaTime(long.MaxValue, 1), Published: null),
        },
        Shed = ["720p"],
    };

    /// <summary>All kinds, with fragments out of a pool.</summary>
    public static IEnumerable<Message> All(PayloadPool pool) =>
    [
        new ChildReady(77),
        new LadderBegun(3, Order),
        new TrialBegun(4, Devices, 1),
        new SearchBegun(5, IsNvencDirect: true),
        new SearchEnded(new FindingsOrder([.. Devices.Hardware, Devices.Hardware[0] with { Speed = EncodingSpeed.Unmeasured("it hangs") }, Devices.Hardware[0] with { Speed = null }], "here", Trouble: null)),
        new SearchEnded(new FindingsOrder([], "there", "an error")),
        new TrialEnded(EncoderFault.Wrong),
        new TrialEnded(Fault: null),
        new SourceSent(
            Media(pool), [new SegmentStart(12, new MediaTime(90, 30), IsDiscontinuity: true)], [(new MediaTime(1, 30), new MediaTime(20, 30))]),
        new SourceSent(Fragment.Absence(FragmentFactory.Video, new MediaTime(4, 30), new MediaTime(9, 30), noticedAt: 5), [], []),
        new SourceEnded(),
        new LeaseAnswered(4, Device: null),
        new LeaseAnswered(5, Device: 2),
        new DevicesWanted([0, 70_000]),
        new RenditionShed("480p", IsShed: true),
        new RenditionRestarted("480p"),
        new RenditionSent("480p", Media(pool)),
        new RenditionReported("480p", new RenditionReport(RenditionState.Degraded, IsShed: true, "libx264", Device: null, QueuedChunks: 4)
        {
            Counted = new RenditionCounters(1, 2, 3, 4, 5, 6, 7, 8, 9.5, 10.5, 11.5),
            EncodeMilliseconds = [1.25, 2],
        }),
        new PanicCaught("480p", DrainPhase.Stop),
        new LeaseAsked(6, new LeaseNeed("480p", VideoCodec.Av1, 10, 1e9, [1, 2], Avoided: 3, MayFallBack: true), Waits: true),
        new LeaseWithdrawn(7),
        new LeaseReturned(8),
        new LeaseProved(9),
        new LeaseBlamed(10, EncoderFault.Lost),
        new DecoderAsked(11),
        new DecoderAnswered(12, IsLent: true),
        new DecoderReturned(IsFull: true),
        new DeviceWorked(1, 1e8, 0.25),
        new RenditionCosts("480p", 3e7),
        new ChunkStarted("480p", 1.5),
        new MediaLeftOut("480p"),
        new LineLogged(LogLevel.Warning, "A.Category", 4001, "ein Satz, mit Ümlauten", Rendition: null),
        new LineLogged(LogLevel.Error, "A.Category", 4002, "", "480p"),
        new ThumbnailSent(new byte[] { 0xff, 0xd8, 1, 2 }),
        new ChildAlive(),
        new CallStuck("480p"),
        new BroadcastLost(),
        new LadderEnded(),
    ];

    /// <summary>Everything that a message says, fragments and lists too, to compare.</summary>
    public static string Text(Message message) => message switch
    {
        LadderBegun begun => $"{begun.Version} {Text(begun.Order)}",
        TrialBegun begun => $"{begun.Version} {Text(begun.Devices)} {begun.Device}",
        SearchEnded ended => $"{string.Join(' ', ended.Findings.Devices.Select(Text))} {ended.Findings.Tried} {ended.Findings.Trouble}",
        SourceSent sent => $"{Text(sent.Fragment)} {string.Join(' ', sent.Segments)} {string.Join(' ', sent.Absences)}",
        RenditionSent sent => $"{sent.Rendition} {Text(sent.Fragment)}",
        RenditionReported reported => $"{reported.Rendition} {reported.Report with { EncodeMilliseconds = [] }} {string.Join(' ', reported.Report.EncodeMilliseconds)}",
        ThumbnailSent thumbnail => Convert.ToHexString(thumbnail.Jpeg.Span),
        DevicesWanted wanted => string.Join(' ', wanted.Devices),
        LeaseAsked asked => $"{asked.Claim} {asked.Need with { Retired = [] }} {string.Join(' ', asked.Need.Retired)} {asked.Waits}",
        _ => message.ToString(),
    };

    private static Fragment Media(PayloadPool pool) => new(
        FragmentFactory.Video,
        [new Sample(1_000_000_000_000, -3, 512, IsSync: true, Offset: 2, Bytes: 5), new Sample(1_000_000_000_512, 1024, 512, IsSync: false, Offset: 7, Bytes: 300)],
        pool.Copy([.. Enumerable.Range(0, 400).Select(static number => (byte)number)]),
        new FragmentArrival(FirstByteAt: 123_456_000, ReceivedAt: 123_456_789, DateTimeOffset.UnixEpoch.AddYears(56)))
    {
        IsDiscontinuity = true,
        DecodedAt = 123_456_999,
    };

    private static string Text(Fragment fragment) =>
        $"{Text(fragment.Track)} {fragment.IsAbsence} {fragment.Start} {fragment.End} {fragment.Arrival} {fragment.DecodedAt} {fragment.IsDiscontinuity} "
        + string.Join(' ', fragment.Samples.Select(sample => $"{sample with { Offset = 0 }} {Convert.ToHexString(fragment.BytesOf(sample))}"));

    private static string Text(TrackDescription track) =>
        $"{track with { SampleEntry = default, CodecConfiguration = default }} {Convert.ToHexString(track.SampleEntry.Span)} {Convert.ToHexString(track.CodecConfiguration.Span)}";

    private static string Text(LadderOrder order) => string.Join(
        ' ',
        order.Broadcast,
        string.Join(' ', order.Renditions),
        order.Limits,
        order.Fallback,
        order.Tuning with { Options = [] },
        string.Join(' ', order.Tuning.Options),
        order.EncoderThreadsMax,
        order.CallMax,
        Text(order.Devices),
        string.Join(' ', order.Resumes.Select(static resume => $"{resume.Key} {resume.Value.From} {resume.Value.Published?.End} {resume.Value.Published?.Track.Codec}")),
        string.Join(' ', order.Shed));

    private static string Text(DeviceOrder order) => string.Join(
        ' ',
        order.Plan.Policy,
        order.Plan.DecodeDevice,
        order.Plan.DecodersMax,
        order.Plan.Deadlines,
        string.Join(' ', order.Plan.Simulated.Select(static device => $"{device.Vendor} {device.Slots} {device.Faults.Told} {device.Abilities} {device.Decodes} {device.Decodes.Why}")),
        string.Join(' ', order.Hardware.Select(Text)));

    private static string Text(HardwareOrder hardware) =>
        $"{hardware.Node with { DirectCodecs = [] }} {string.Join(' ', hardware.Node.DirectCodecs)} {hardware.Abilities} {string.Join(' ', hardware.Abilities.Wrong)} {hardware.Decodes} {hardware.Speed}";
}
