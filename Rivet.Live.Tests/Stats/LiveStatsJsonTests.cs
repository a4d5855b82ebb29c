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
    [Fact]
    public void Stats_WithEverythingKnown_HaveTheNamesOfTheContract()
    {
        string[] names = [.. Names(JsonSerializer.SerializeToNode(KnownStats.All, LiveJson.Wire.LiveStats)!, "")];

        Assert.Equal(Repository.Read("Rivet.Live.Tests/Goldens/stats-names.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries), names);
    }

    [Fact]
    public void Schema_IsTheOneThatIsPublished()
    {
        string path = Path.Combine(Repository.Root, "Rivet.Live.Tests", "TestResults", "stats-schema.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, StatsSchema.Text);

        Assert.True(Repository.Read("docs/operating/stats-schema.json") == StatsSchema.Text, $"The stats have changed: look at what changed, then copy {path} to docs/operating.");
    }

    [Fact]
    public void Stats_OfWhatIsUnknown_AreAbsentAndNotZero()
    {
        RenditionStats rendition = new() { Rendition = "480p", Transcoder = "ladder", Track = "video", State = "starting" };

        JsonObject json = JsonSerializer.SerializeToNode(rendition, LiveJson.Wire.RenditionStats)!.AsObject();

        Assert.All(
            (string[])["codec", "width", "height", "encoder", "device", "lagSeconds", "realtimeRatio", "bitrateBps", "encodeMilliseconds", "ingestToPublishMilliseconds", "stages", "lastMediaSequence", "lastPart"],
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
        LiveStatsReader reader = new(pipeline, new Timeline(time), new PlayerReports(time), time);
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

        // A viewer comes, and goes without a word.
        broadcast!.Presentation.Viewers.Saw(1);
        Assert.Equal((1, 1), (reader.Read(broadcast).Viewers.Now, reader.Read(broadcast).Viewers.Peak));
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal((0, 1), (reader.Read(broadcast).Viewers.Now, reader.Read(broadcast).Viewers.Peak));
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
}
