using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Pipeline;
using Rivet.Live.Core.Stats;
using Rivet.Live.Tests.Drains;
using Rivet.Live.Tests.Hls;
using Rivet.Live.Tests.Ladder;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Stats;

/// <summary>Fields that tell of trouble, each in a small broadcast that has it.</summary>
public sealed class StatsOfTroubleTests
{
    [Fact]
    public async Task EveryField_OfTrouble_TellsOfIt()
    {
        FieldsSeen seen = new();
        LiveStats nothing = new(new ServerStats("1", DateTimeOffset.UnixEpoch, 1, "running"), [], []);
        seen.Look(nothing with { Broadcasts = [await RenditionInTroubleAsync()] });
        seen.Look(nothing with { Devices = await DeviceThatIsWaitedForAsync() });
        await LookAtAPairAsync(seen);

        Assert.Empty(seen.Untold(FieldsOf.Trouble));
    }

    /// <summary>A transcoder that throws at one fragment and is too slow for others, and a sample that came too late.</summary>
    private static async Task<BroadcastStats> RenditionInTroubleAsync()
    {
        FragmentFactory fragments = new();
        BroadcastSession session = FragmentFactory.Session();
        FragmentBroadcasterRegistry registry = new(NullLogger<FragmentBroadcasterRegistry>.Instance, TimeProvider.System);
        using ManualResetEventSlim published = new();
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ScriptedFactory factory = new("480p", call =>
        {
            begun.TrySetResult();
            published.Wait(Eventually.Patience);
            return call == "fragment 0";
        });
        await using TranscodeRunner runner = new(registry, [factory], static () => { }, new SubscriptionBound(Seconds: 0.1, Fragments: 2), NullLoggerFactory.Instance);
        FragmentBroadcaster video = registry.GetOrCreate(new TrackKey(session.Broadcast, "video"), TrackKind.Video, session);
        for (int number = 0; number < 20; number++)
        {
            video.Publish(fragments.One(number, isSync: number % 5 == 0));
            if (number == 0)
            {
                await begun.Task.WaitAsync(Eventually.Patience);
            }
        }

        published.Set();
        registry.Remove(video);
        await runner.WhenDrainedAsync(session).WaitAsync(Eventually.Patience);
        Drain drain = Assert.Single(runner.Drains);
        using HlsPresentation presentation = new(session, new HlsPlan(0.5, 2, 6), SourceListing.Auto);
        MediaPlaylistBoard board = presentation.Open("480p");
        new BoardDriver(board, fragments.Pool).Init(FragmentFactory.Video).Segments(1);
        board.SampleLate();
        LiveBroadcast broadcast = new(new PublishingPoint(session, TimeProvider.System), new LadderOffer([], []), presentation);
        RenditionStats stats = LiveStatsReader.Read(broadcast, drain);
        Assert.Equal((1L, 1L), (stats.Panics, stats.LateSamples));
        Assert.Equal(20, stats.FragmentsSeen + stats.FragmentsSkipped);
        return KnownStats.All.Broadcasts[0] with { Source = [], Publishers = null, Renditions = [stats] };
    }

    /// <summary>One slot and two who want it, on a device that also decodes.</summary>
    private static async Task<IReadOnlyList<DeviceStats>> DeviceThatIsWaitedForAsync()
    {
        DevicePlan devices = new() { Policy = new DevicePolicy(Index: null, TestDevices.Vendor), BoundsWork = false, DecodeDevice = 1, Simulated = [TestDevices.Device(slots: 1, out _)] };
        await using LivePipeline pipeline = new(new LivePlan { Ladder = [], Devices = devices }, TestCodecs.Shared, TimeProvider.System, NullLoggerFactory.Instance);
        EncoderNeed need = new(BroadcastId.Parse("live/demo"), "480p", VideoCodec.H264, BitDepth: 8, PixelsPerSecond: 1);
        using LeaseClaim first = pipeline.Devices.Claim(need);
        await first.Decided.WaitAsync(Eventually.Patience);
        using LeaseClaim second = pipeline.Devices.Claim(need with { Rendition = "240p" });
        using IVideoDecoder decoder = pipeline.Devices.Decoders.Open(NumberedSource.Encode(pictures: 1, gop: 1).Track, threads: 1, "live/demo");
        LiveStatsReader reader = new(pipeline, new Timeline(TimeProvider.System), new PlayerReports(TimeProvider.System), TimeProvider.System);
        IReadOnlyList<DeviceStats> stats = reader.Read().Devices;
        Assert.Equal((1, 1, 1), (stats[1].Leased, stats[1].Waiting, stats[1].Decoding));
        return stats;
    }

    /// <summary>Two publishers that send the same, with four seconds missing.</summary>
    private static async Task LookAtAPairAsync(FieldsSeen seen)
    {
        await using LiveServerHost host = await LiveServerHost.StartAsync(LiveServerHost.Light(), output: null);
        using RawPush one = await RawPush.BeginAsync(host.Address, "/ingest/live/demo");
        await one.SendAsync(SyntheticBody.Of((0, 50)));
        await host.UntilAsync("live/demo", "live");
        using RawPush other = await RawPush.BeginAsync(host.Address, "/ingest/live/demo");
        await other.SendAsync(SyntheticBody.Of((0, 50)));
        await Patience.UntilAsync(
            async () => (await host.StatsAsync("live/demo")).TryGetProperty("publishers", out JsonElement both) && both.GetArrayLength() == 2,
            "both are known: one that comes ten seconds behind the other would be another stream");
        await one.SendAsync(SyntheticBody.Part(6000, 50));
        await one.SendAsync(SyntheticBody.Part(8000, 50));
        await other.SendAsync(SyntheticBody.Part(6000, 50));
        string[] wanted = [.. FieldsOf.Trouble.Where(static field => field.StartsWith("broadcasts[].source[]", StringComparison.Ordinal) || field.StartsWith("broadcasts[].publishers[]", StringComparison.Ordinal))];
        await Patience.UntilAsync(
            async () =>
            {
                seen.Look(await host.StatsAsync());
                return !seen.Untold(wanted).Any();
            },
            $"the pair and its gap are told of: {string.Join(", ", wanted)}");
    }
}
