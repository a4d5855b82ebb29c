using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Pipeline;
using Rivet.Live.Core.Stats;
using Rivet.Live.Endpoints;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Stats;

/// <summary>The names that dashboards hold in their hands, and that what is unknown is absent.</summary>
public sealed class LiveStatsJsonTests
{
    private static readonly DateTimeOffset Started = DateTimeOffset.UnixEpoch.AddYears(56);

    [Fact]
    public void Stats_WithEverythingKnown_HaveTheNamesOfTheContract()
    {
        LiveStats stats = new(
            new ServerStats("1.0.0", Started, 12.3, "running"),
            [Device()],
            [new BroadcastStats("live/demo", "abc", "live", Started, new PublisherStats("127.0.0.1", "fmp4-put"), [Source()], [Rendition()], new WindowStats(60, 1, 1), new ViewerStats(6, 2, 1)) { Recordings = [new RecordingStats("480p", "live/demo/480p.mp4", "growing", 9.1, 1, 1, 0.5, 0)] }]);

        string[] names = [.. Names(JsonSerializer.SerializeToNode(stats, LiveJson.Wire.LiveStats)!, "")];

        Assert.Equal(Repository.Read("Rivet.Live.Tests/Goldens/stats-names.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries), names);
    }

    [Fact]
    public void Stats_OfWhatIsUnknown_AreAbsentAndNotZero()
    {
        RenditionStats rendition = new() { Rendition = "480p", Transcoder = "ladder", Track = "video", State = "starting" };

        JsonObject json = JsonSerializer.SerializeToNode(rendition, LiveJson.Wire.RenditionStats)!.AsObject();

        Assert.All(
            (string[])["codec", "width", "height", "encoder", "device", "lagSeconds", "realtimeRatio", "bitrateBps", "encodeMilliseconds", "ingestToPublishMilliseconds", "packageMilliseconds", "lastMediaSequence", "lastPart"],
            name => Assert.False(json.ContainsKey(name), name));
        Assert.Equal(0, json["fragmentsSeen"]!.GetValue<long>());
        Assert.Equal(0, json["panics"]!.GetValue<long>());
        Assert.DoesNotContain(json, static field => field.Value is null);
    }

    [Fact]
    public async Task Stats_OfARunningBroadcast_SayWhatWasMeasured()
    {
        ManualTime time = new();
        await using LivePipeline pipeline = new(new LivePlan { Ladder = [] }, TestCodecs.Shared, time, NullLoggerFactory.Instance);
        LiveStatsReader reader = new(pipeline, time);
        Assert.Empty(reader.Read().Broadcasts);
        using Publisher publisher = new("203.0.113.7", "fmp4-put");
        (LiveBroadcast? broadcast, _) = await pipeline.EnterAsync(BroadcastId.Parse("live/demo"), publisher, takesOver: false, CancellationToken.None);
        Assert.Equal("starting", reader.Read(broadcast!).State);

        await pipeline.IngestAsync(broadcast!, publisher, PipeReader.Create(new MemoryStream([.. SyntheticBody.Of((0, 50), (2000, 50)), 0])));
        time.Advance(TimeSpan.FromSeconds(3));

        BroadcastStats stats = Assert.Single(reader.Read().Broadcasts);
        SourceStats source = Assert.Single(stats.Source);
        Assert.Equal(("live/demo", "interrupted", null), (stats.Broadcast, stats.State, stats.Publisher));
        Assert.Equal(("video", "avc1.42c00b", 160, 90), (source.Track, source.Codec, source.Width, source.Height));
        Assert.Equal((2L, 400L, 25.0, 2.0, 2.0, 3.0), (source.FragmentsReceived, source.BytesReceived, source.FrameRate, source.FragmentSecondsP50, source.KeyframeSecondsP50, source.LastFragmentAgeSeconds));
        Assert.Null(source.SampleRate);
        Assert.Null(source.Channels);
        Assert.Empty(stats.Renditions);
    }

    [Fact]
    public void Problem_HasTheShapeOfRfc9457()
    {
        Problem problem = Problem.Of(413, "fragment-too-large", "A fragment of 40 MB; 32 are allowed.", retryAfterSeconds: 5) with { OffsetBytes = 12, Box = "moof/traf[1]" };

        string json = JsonSerializer.Serialize(problem, LiveJson.Wire.Problem);

        Assert.Equal(
            """{"type":"urn:rivet:fragment-too-large","title":"fragment too large","status":413,"detail":"A fragment of 40 MB; 32 are allowed.","reason":"fragment-too-large","offsetBytes":12,"box":"moof/traf[1]"}""",
            json);
        Assert.DoesNotContain("offsetBytes", JsonSerializer.Serialize(Problem.Of(401, "key-missing", "No key."), LiveJson.Wire.Problem), StringComparison.Ordinal);
    }

    /// <summary>Every field's path, in the order in which it is written; lists by their first element.</summary>
    private static IEnumerable<string> Names(JsonNode node, string path) => node switch
    {
        JsonObject fields => fields.SelectMany(field => Names(field.Value!, $"{path}.{field.Key}")),
        JsonArray list => Names(list[0]!, $"{path}[]"),
        _ => [path.TrimStart('.')],
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
        IngestToPublishMilliseconds = new PercentileStats(1, 2, 3),
        PackageMilliseconds = new PercentileStats(1, 2, 3),
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
        PackageMilliseconds = new PercentileStats(1, 2, 3),
        LastMediaSequence = 12,
        LastPart = 3,
    };
}
