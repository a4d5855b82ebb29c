using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Stats;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Ladder;

/// <summary>Helpers: renditions that are behind, and devices that nobody waits for.</summary>
public sealed class HelpTests(ITestOutputHelper output)
{
    private const int Gop = 15;
    private const double ThreeFifths = 0.6;

    private static readonly Rendition Small = new("small", 64, 100_000);
    private static readonly Rendition Large = new("large", 96, 200_000);

    // Everybody is behind from the beginning, since pictures come as fast as they are taken.
    private static readonly FeedLimits Eager = FeedLimits.Lossless with { HelpedAfter = TimeSpan.Zero, HeldMax = TimeSpan.FromSeconds(3) };

    [Fact]
    public async Task RenditionAtThreeFifthsOfRealTime_HelperOnAnotherVendorsDeviceTakesOverWhatItCannotDo()
    {
        SimulatedFaults slow = new();
        SimulatedFaults free = new();
        slow.Slow(ThreeFifths);
        free.Slow(2);
        await using DevicePool devices = TestDevices.WithoutCpu(new SimulatedDevice("nvidia", 1, slow), new SimulatedDevice("intel", 1, free));
        await using LadderSource source = new([Small], FeedLimits.Live, devices);
        NumberedSource numbers = NumberedSource.Encode(15 * NumberedSource.Rate, Gop);
        await numbers.PublishInRealTimeAsync(source);
        RenditionProgress progress = source.DrainOf("small").Progress;
        long reached = progress.FramesEncoded;
        await source.EndAsync();

        AssertWhole(source, "small", numbers.Samples.Count);
        output.WriteLine($"{progress.ChunksHelped} of {progress.ChunksEncoded} chunks helped; {numbers.Samples.Count - reached} pictures behind at the end.");

        // Two fifths is what has to be taken over; more where the rendition rests while it waits for its helper, or has to wait for a processor.
        Assert.InRange(progress.ChunksHelped, progress.ChunksEncoded / 3, progress.ChunksEncoded - 1);
        Assert.Equal((0L, 0L, 0L), (progress.FramesDropped, progress.ChunksRequeued, source.DrainOf("small").Panics));
        await AssertDecodesAsync(source, "small");
        await AssertNothingLeftAsync(source, slow, free);
    }

    [Fact]
    public async Task RenditionAtThreeFifthsOfRealTimeWithABacklog_HelperInRealTimeTakesOverMoreThanHalfOfIt()
    {
        SimulatedFaults slow = new();
        SimulatedFaults free = new();
        slow.Slow(ThreeFifths);
        free.Slow(1.2);
        await using DevicePool devices = TestDevices.WithoutCpu(new SimulatedDevice("nvidia", 1, slow), new SimulatedDevice("intel", 1, free));
        await using LadderSource source = new([Small], Eager, devices);
        NumberedSource numbers = NumberedSource.Encode(10 * NumberedSource.Rate, Gop);
        numbers.Publish(source, ..);
        await Eventually.TrueAsync(() => source.DrainOf("small").Progress.QueuedChunks > 5, "the backlog is told");
        FieldsSeen seen = new();
        seen.Look(source.DrainOf("small"));
        await source.EndAsync();
        seen.Look(source.DrainOf("small"));
        Assert.Empty(seen.Untold(FieldsOf.Backlog));

        AssertWhole(source, "small", numbers.Samples.Count);
        RenditionProgress progress = source.DrainOf("small").Progress;
        output.WriteLine($"{progress.ChunksHelped} of {progress.ChunksEncoded} chunks helped.");
        Assert.True(progress.ChunksHelped > progress.ChunksEncoded / 2, $"{progress.ChunksHelped} of {progress.ChunksEncoded} chunks helped");
        Assert.Equal((0L, 0L, 0L, 0), (progress.FramesDropped, progress.FramesDuplicated, progress.ChunksRequeued, progress.QueuedChunks));
        await AssertDecodesAsync(source, "small");
        await AssertNothingLeftAsync(source, slow, free);
    }

    [Fact]
    public async Task RenditionThatHasCaughtUp_IsLeftByItsHelper()
    {
        SimulatedFaults slow = new();
        SimulatedFaults free = new();
        slow.Slow(ThreeFifths);
        await using DevicePool devices = TestDevices.WithoutCpu(new SimulatedDevice("nvidia", 1, slow), new SimulatedDevice("intel", 1, free));
        await using LadderSource source = new([Small], FeedLimits.Live, devices);
        NumberedSource numbers = NumberedSource.Encode(9 * NumberedSource.Rate, Gop);
        _ = source.Video;
        Task publishing = numbers.PublishInRealTimeAsync(source);
        await Eventually.TrueAsync(() => source.DrainOf("small").Progress.ChunksHelped > 0, "a helper came");
        slow.Slow(null);
        await publishing;
        await Eventually.TrueAsync(() => source.DrainOf("small").Progress.FramesEncoded == numbers.Samples.Count, "it has caught up");
        await Eventually.TrueAsync(() => devices.Snapshot()[1].Leases.Count == 0, "the helper has left");

        await source.EndAsync();
        AssertWhole(source, "small", numbers.Samples.Count);
        await AssertNothingLeftAsync(source, slow, free);
    }

    [Fact]
    public async Task OfTwoRenditions_TheOneThatIsBehindIsHelped()
    {
        SimulatedFaults[] faults = [new(), new(), new()];
        await using DevicePool devices = TestDevices.WithoutCpu([.. faults.Select(static fault => new SimulatedDevice("nvidia", 1, fault))]);
        await using LadderSource source = new([Large, Small], FeedLimits.Live, devices);
        NumberedSource numbers = NumberedSource.Encode(9 * NumberedSource.Rate, Gop);

        // The smallest asks first and gets the first device.
        faults[0].Slow(ThreeFifths);
        await numbers.PublishInRealTimeAsync(source);
        await source.EndAsync();

        AssertWhole(source, "large", numbers.Samples.Count);
        AssertWhole(source, "small", numbers.Samples.Count);
        Assert.True(source.DrainOf("small").Progress.ChunksHelped > source.DrainOf("large").Progress.ChunksHelped);
        await AssertNothingLeftAsync(source, faults);
    }

    [Fact]
    public async Task HelperThatFailsInTheMiddleOfAChunk_TheRenditionEncodesTheRest()
    {
        SimulatedFaults slow = new();
        SimulatedFaults free = new();
        slow.Slow(4);
        free.FailPicture(25);
        await using DevicePool devices = TestDevices.WithoutCpu(new SimulatedDevice("nvidia", 1, slow), new SimulatedDevice("intel", 1, free));
        await using LadderSource source = new([Small], Eager, devices);
        NumberedSource numbers = NumberedSource.Encode(180, Gop);
        numbers.Publish(source, ..);
        await source.EndAsync();

        AssertWhole(source, "small", 180);
        RenditionProgress progress = source.DrainOf("small").Progress;
        Assert.Equal((1L, 0L, 180L), (progress.ChunksRequeued, progress.FramesDropped, progress.FramesDecoded));
        Assert.True(progress.ChunksHelped > 0);
        Assert.True(devices.Snapshot()[1].IsHealthy);
        await AssertDecodesAsync(source, "small");
        await AssertNothingLeftAsync(source, slow, free);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task HelperWhoseDeviceIsLostOrHangs_CostsNoPicture(bool hangs)
    {
        SimulatedFaults slow = new();
        SimulatedFaults free = new();
        slow.Slow(2);
        free.Slow(4);
        await using DevicePool devices = TestDevices.WithoutCpu(new SimulatedDevice("nvidia", 1, slow), new SimulatedDevice("intel", 1, free));
        await using LadderSource source = new([Small], Eager, devices);
        NumberedSource numbers = NumberedSource.Encode(180, Gop);
        numbers.Publish(source, ..);
        await Eventually.TrueAsync(() => devices.Snapshot()[1].Leases.Count == 1, "a helper is at work");
        (hangs ? (Action)free.Hang : free.Lose)();
        await source.EndAsync();

        AssertWhole(source, "small", 180);
        Assert.False(devices.Snapshot()[1].IsHealthy);
        free.Restore();
        await Eventually.TrueAsync(() => devices.Snapshot()[1] is { IsHealthy: true, Leases.Count: 0 }, "what hung is closed, and the device taken back");
        await AssertNothingLeftAsync(source, slow, free);
    }

    [Fact]
    public async Task HelperWhoseStreamDisagrees_ReturnsItsChunkAndIsSentNoMore()
    {
        SimulatedFaults slow = new();
        SimulatedFaults free = new();
        slow.Slow(6);
        free.Disagree("main");
        await using DevicePool devices = TestDevices.WithoutCpu(new SimulatedDevice("nvidia", 1, slow), new SimulatedDevice("intel", 1, free));
        await using LadderSource source = new([Small], Eager, devices);
        NumberedSource numbers = NumberedSource.Encode(180, Gop);
        numbers.Publish(source, ..);
        await source.EndAsync();

        AssertWhole(source, "small", 180);
        IReadOnlyList<RecordedSample> samples = source.RecordOf("small").Samples;
        Assert.All(samples, sample => Assert.True(sample.Track.IsSameStreamAs(samples[0].Track)));
        RenditionProgress progress = source.DrainOf("small").Progress;
        Assert.Equal((0L, 1L), (progress.ChunksHelped, progress.ChunksRequeued));
        Assert.All(devices.Snapshot(), static device => Assert.True(device.IsHealthy));
        await AssertNothingLeftAsync(source, slow, free);
    }

    [Fact]
    public async Task RenditionCappedInFrameRate_IsHelpedWithTheSamePicturesLeftOut()
    {
        SimulatedFaults slow = new();
        SimulatedFaults free = new();
        slow.Slow(3);
        await using DevicePool devices = TestDevices.WithoutCpu(new SimulatedDevice("nvidia", 1, slow), new SimulatedDevice("intel", 1, free));
        await using LadderSource source = new([Small with { MaxFrameRate = 15 }], Eager, devices);
        NumberedSource numbers = NumberedSource.Encode(180, gop: 30);
        numbers.Publish(source, ..);
        await source.EndAsync();

        Assert.Equal(Enumerable.Range(0, 90).Select(static number => number * 2L), source.RecordOf("small").Times);
        Assert.All(source.RecordOf("small").Samples, static sample => Assert.Equal(2, sample.Sample.Duration));
        RenditionProgress progress = source.DrainOf("small").Progress;
        Assert.Equal((180L, 90L, 90L), (progress.FramesDecoded, progress.FramesEncoded, progress.FramesDropped));
        Assert.True(progress.ChunksHelped > 0);
    }

    [Fact]
    public async Task SlotThatSomebodyWaitsFor_IsGivenUpByAHelperAfterItsChunk()
    {
        SimulatedFaults slow = new();
        SimulatedFaults free = new();
        slow.Slow(2);
        free.Slow(4);
        await using DevicePool devices = TestDevices.WithoutCpu(new SimulatedDevice("nvidia", 1, slow), new SimulatedDevice("intel", 1, free));
        await using LadderSource source = new([Small], Eager, devices);
        NumberedSource numbers = NumberedSource.Encode(240, Gop);
        EncoderNeed need = new(BroadcastId.Parse("live/other"), "other", VideoCodec.H264, 8, 100);
        using (EncoderLease first = devices.TryClaim(need)!)
        {
            need = need with { Retired = [first.Device] };
        }

        numbers.Publish(source, ..);
        await Eventually.TrueAsync(() => devices.Snapshot()[1].Leases.Count == 1, "a helper is at work");
        using (LeaseClaim claim = devices.Claim(need))
        {
            await claim.Decided.WaitAsync(Eventually.Patience);
            Assert.False(source.DrainOf("small").Progress.FramesEncoded == 240, "nobody gave way before all was done");
        }

        await source.EndAsync();
        AssertWhole(source, "small", 240);
        await AssertNothingLeftAsync(source, slow, free);
    }

    private static void AssertWhole(LadderSource source, string rendition, int pictures)
    {
        Assert.Equal(Enumerable.Range(0, pictures).Select(static number => (long)number), source.RecordOf(rendition).Times);
        Assert.Equal(Enumerable.Range(0, pictures).Select(static number => ((long)number, number)), source.RecordOf(rendition).Decode());
    }

    private static async Task AssertDecodesAsync(LadderSource source, string rendition)
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("rendition.mp4");
        await source.RecordOf(rendition).WriteAsync(path);
        ToolRun decoding = await ToolRun.RequireAsync("ffmpeg", "-v", "warning", "-xerror", "-i", path, "-f", "null", "-");
        Assert.Equal("", decoding.Errors);
    }

    /// <summary>A slot is free again a little after its encoder was given up.</summary>
    private static async Task AssertNothingLeftAsync(LadderSource source, params SimulatedFaults[] devices)
    {
        await Eventually.TrueAsync(() => source.Devices.Snapshot().All(static device => device is { Leases.Count: 0, Waiting: 0 }), "every lease is given back");
        await Eventually.TrueAsync(() => Array.TrueForAll(devices, static device => device.Sessions == 0), "every encoder is closed");
        Assert.Equal(0, source.Pool.LentPayloads);
    }
}
