using Rivet.Live.Core.Stats;

namespace Rivet.Live.Tests.Stats;

/// <summary>A snapshot in which everything is known.</summary>
internal static class KnownStats
{
    private static readonly DateTimeOffset Started = DateTimeOffset.UnixEpoch.AddYears(56);

    public static LiveStats All { get; } = new(
        new ServerStats("1.0.0", Started, 12.3, "running"),
        [Device()],
        [
            new BroadcastStats(
                "live/demo", "abc", "live", Started, new PublisherStats("127.0.0.1", "fmp4-put"), [Source()], [Rendition()], new WindowStats(60, 1, 1), new ViewerStats(3, 5, 6, 2, 1) { Beacons = 4, Stalls = 1, LatencyMilliseconds = new PercentileStats(1200, 1400, 1900) },
                [new FindingStats("warning", "long-fragments", "Fragments are 2.0 s long.")])
            {
                Isolation = new IsolationStats(4711, 1, 90_000_000),
                Publishers = [new RedundantPublisherStats("127.0.0.1", "fmp4-put", 0.1)],
                Recordings = [new RecordingStats("480p", "live/demo/480p.mp4", "growing", 9.1, 1, 1, 0.5, 0)],
                Timeline = [new TimelineEvent(Started, "failover", "warning", "480p: moved.") { Rendition = "480p", Device = "cpu" }],
            },
        ])
    {
        Timeline = [new TimelineEvent(Started, "broadcast-began", "info", "live/demo began.") { Broadcast = "live/demo", Device = "cpu" }],
    };

    private static DeviceStats Device() => new()
    {
        Device = "cpu",
        Vendor = "software",
        Name = "EPYC",
        Slots = 4,
        CapacityPixelsPerSecond = 1e8,
        Leased = 1,
        Waiting = 1,
        Healthy = true,
        Decoding = 1,
        Leases = [new LeaseStats("live/demo", "480p", 1e7, 9.1)],
    };

    private static SourceStats Source() => new()
    {
        Track = "video",
        Codec = "avc1.64001f",
        Width = 1280,
        Height = 720,
        FrameRate = 30,
        SampleRate = 48000,
        Channels = 2,
        FragmentsReceived = 300,
        BytesReceived = 1,
        BitrateBps = 1,
        FragmentSecondsP50 = 0.033,
        KeyframeSecondsP50 = 2,
        LastFragmentAgeSeconds = 0.02,
        GapSeconds = 0.5,
        IngestToPublishMilliseconds = new PercentileStats(1, 2, 3),
        Stages = Stages() with { DecodeMilliseconds = null, EncodeMilliseconds = null },
        PartIntervalMilliseconds = new PercentileStats(500, 510, 520),
    };

    private static RenditionStats Rendition() => new()
    {
        Rendition = "480p",
        Transcoder = "ladder",
        Track = "video",
        State = "running",
        Codec = "avc1.4d401f",
        Width = 854,
        Height = 480,
        Encoder = "libx264",
        Device = "cpu",
        LagSeconds = 0.05,
        RealtimeRatio = 3.1,
        BitrateBps = new BitrateStats(1_200_000, 1_180_000, 1_210_000),
        EncodeMilliseconds = new PercentileStats(4.1, 6, 9),
        IngestToPublishMilliseconds = new PercentileStats(60, 90, 120),
        Stages = Stages(),
        PartIntervalMilliseconds = new PercentileStats(500, 510, 520),
        LastMediaSequence = 12,
        LastPart = 3,
        GapSeconds = 0,
        LateSamples = 1,
    };

    private static StageStats Stages() => new()
    {
        ContributionMilliseconds = new PercentileStats(40, 41, 42),
        ReceiveMilliseconds = new PercentileStats(1, 2, 3),
        DecodeMilliseconds = new PercentileStats(10, 12, 20),
        EncodeMilliseconds = new PercentileStats(50, 78, 100),
        PackageMilliseconds = new PercentileStats(1, 2, 3),
        ListMilliseconds = new PercentileStats(1, 2, 3),
        FirstFetchMilliseconds = new PercentileStats(1, 2, 3),
        FirstByteToPlaylistMilliseconds = new PercentileStats(62, 92, 123),
        TotalMilliseconds = new PercentileStats(103, 134, 165),
    };
}
