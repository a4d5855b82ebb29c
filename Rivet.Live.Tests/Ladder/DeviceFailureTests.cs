using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Ladder;

/// <summary>Devices that fail in the middle of a chunk: no picture is lost, none comes twice, and all can be decoded across the seam.</summary>
public sealed class DeviceFailureTests(ITestOutputHelper output)
{
    private const int Pictures = 180;
    private const int Gop = 60;

    private static readonly Rendition Small = new("small", 64, 100_000);
    private static readonly Rendition Large = new("large", 96, 200_000);

    [Theory]
    [InlineData(VideoCodec.H264)]
    [InlineData(VideoCodec.Hevc)]
    [InlineData(VideoCodec.Av1)]
    internal async Task EncoderThatFails_ChunkIsEncodedAgainFromTheFirstPictureNotPublished(VideoCodec codec)
    {
        SimulatedDevice device = TestDevices.Device(slots: 2, out SimulatedFaults faults);
        await using DevicePool devices = TestDevices.Simulated([device]);
        await using LadderSource source = new([Small with { Codec = codec }], devices: devices);
        NumberedSource numbers = NumberedSource.Encode(Pictures, Gop);
        faults.FailPicture(85);
        numbers.Publish(source, ..);
        await source.EndAsync();

        AssertWhole(source, "small");
        Assert.True(source.RecordOf("small").Samples[84].Sample.IsSync);
        Assert.Equal([0, 60, 84, 120], KeyframesOf(source, "small"));
        RenditionProgress progress = source.DrainOf("small").Progress;
        Assert.Equal((1L, 1L, 0L, 0L), (progress.ChunksRequeued, progress.EncoderRestarts, progress.Failovers, source.DrainOf("small").Panics));
        await AssertNothingLeftAsync(source, faults);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(75)]
    [InlineData(121)]
    public async Task DecodeDeviceThatFails_NoRenditionLosesAPicture(int sample)
    {
        SimulatedDevice device = TestDevices.Device(slots: null, out SimulatedFaults faults);
        await using DevicePool devices = TestDevices.Open(new DevicePlan { DecodeDevice = 1, BoundsWork = false, Simulated = [device] });
        await using LadderSource source = new([Large, Small], devices: devices);
        NumberedSource numbers = NumberedSource.Encode(Pictures, Gop);
        faults.FailSample(sample);
        numbers.Publish(source, ..);
        await source.EndAsync();

        AssertWhole(source, "large");
        AssertWhole(source, "small");
        Assert.Equal([0, 60, 120], KeyframesOf(source, "small"));
        Assert.Equal(0, source.DrainOf("small").Progress.EncoderRestarts);
        await Eventually.TrueAsync(() => devices.Snapshot()[1] is { Decoding: 0, IsHealthy: true }, "the decoder is closed, and nothing was held against the encoders");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DeviceThatIsLostOrHangs_AnotherGoesOnAndTheOtherRenditionIsNotTouched(bool hangs)
    {
        SimulatedDevice first = TestDevices.Device(slots: 1, out SimulatedFaults firstFaults);
        SimulatedDevice second = TestDevices.Device(slots: 2, out SimulatedFaults secondFaults);
        await using DevicePool devices = TestDevices.Simulated([first, second]);
        await using LadderSource source = new([Large, Small], devices: devices);
        NumberedSource numbers = NumberedSource.Encode(Pictures, Gop);
        numbers.Publish(source, ..80);
        await Eventually.TrueAsync(() => source.DrainOf("small").Progress.FramesEncoded > 70, "the first chunk is encoded");
        string failing = HolderOf(devices, "simulated1");
        (hangs ? (Action)firstFaults.Hang : firstFaults.Lose)();
        numbers.Publish(source, 80..);
        await source.EndAsync();
        firstFaults.Restore();

        AssertWhole(source, "large");
        AssertWhole(source, "small");
        RenditionProgress failed = source.DrainOf(failing).Progress;
        Assert.Equal((1L, 1L, "simulated2"), (failed.ChunksRequeued, failed.Failovers, failed.Device));
        Assert.Equal(0, source.DrainOf(failing == "small" ? "large" : "small").Progress.ChunksRequeued);
        await Eventually.TrueAsync(() => devices.Snapshot()[1].IsHealthy, "the device is tried again and taken back");
        await AssertNothingLeftAsync(source, firstFaults, secondFaults);
    }

    [Fact]
    public async Task EncoderThatFailsAfterTheSourceHasEnded_LosesNothing()
    {
        SimulatedDevice first = TestDevices.Device(slots: 1, out SimulatedFaults firstFaults);
        SimulatedDevice second = TestDevices.Device(slots: 1, out SimulatedFaults secondFaults);
        await using DevicePool devices = TestDevices.Simulated([first, second]);
        await using LadderSource source = new([Small], devices: devices);
        NumberedSource numbers = NumberedSource.Encode(Pictures, Gop);
        numbers.Publish(source, ..170);
        await Eventually.TrueAsync(() => source.DrainOf("small").Progress.FramesEncoded == 170, "the device encodes");
        firstFaults.Slow(0.5);
        firstFaults.FailPicture(8);
        numbers.Publish(source, 170..);
        await source.EndAsync();

        AssertWhole(source, "small");
        RenditionProgress progress = source.DrainOf("small").Progress;
        Assert.Equal((1L, 1L, 0L), (progress.ChunksRequeued, progress.Failovers, progress.FramesDropped));
        await AssertNothingLeftAsync(source, firstFaults, secondFaults);
    }

    [Fact]
    public async Task DeviceThatHangs_DoesNotHoldTheOtherRenditionUp()
    {
        SimulatedDevice first = TestDevices.Device(slots: 1, out SimulatedFaults firstFaults);
        SimulatedDevice second = TestDevices.Device(slots: 1, out SimulatedFaults secondFaults);
        await using DevicePool devices = TestDevices.Simulated([first, second], deadlines: new EncoderDeadlines(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)));
        await using LadderSource source = new([Large, Small], FeedLimits.Live, devices);
        NumberedSource numbers = NumberedSource.Encode(Pictures, Gop);
        numbers.Publish(source, ..80);
        RenditionProgress small = source.DrainOf("small").Progress;
        RenditionProgress large = source.DrainOf("large").Progress;
        await Eventually.TrueAsync(() => small.FramesEncoded == 80 && large.FramesEncoded == 80, "both are encoded");
        (RenditionProgress stuck, RenditionProgress other) = HolderOf(devices, "simulated1") == "small" ? (small, large) : (large, small);
        firstFaults.Hang();
        long began = TimeProvider.System.GetTimestamp();
        numbers.Publish(source, 80..);
        await Eventually.TrueAsync(() => other.FramesEncoded == Pictures, "the other goes on beside the one that hangs");

        output.WriteLine($"100 pictures beside a device that hangs took {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.00} s.");
        Assert.Equal((80L, 0L), (stuck.FramesEncoded, stuck.ChunksRequeued));
        firstFaults.Restore();
        await source.EndAsync();
        AssertWhole(source, "large");
        AssertWhole(source, "small");
        await AssertNothingLeftAsync(source, firstFaults, secondFaults);
    }

    [Fact]
    public async Task DeviceThatIsFull_HasAsManySlotsAsEncodersAreOpen()
    {
        SimulatedDevice device = TestDevices.Device(slots: null, out SimulatedFaults faults);
        await using DevicePool devices = TestDevices.Simulated([device]);
        await using LadderSource source = new([Large, Small], devices: devices);
        faults.Fill(1);
        NumberedSource numbers = NumberedSource.Encode(Pictures, Gop);
        numbers.Publish(source, ..);
        await source.EndAsync();

        AssertWhole(source, "large");
        AssertWhole(source, "small");
        Assert.Equal((1, true), (devices.Snapshot()[1].Slots, devices.Snapshot()[1].IsHealthy));
        await AssertNothingLeftAsync(source, faults);
    }

    [Fact]
    public async Task DeviceThatIsBusy_IsAskedAgain()
    {
        SimulatedDevice device = TestDevices.Device(slots: 1, out SimulatedFaults faults);
        await using DevicePool devices = TestDevices.Simulated([device]);
        await using LadderSource source = new([Small], devices: devices);
        faults.Busy(true);
        NumberedSource.Encode(Pictures, Gop).Publish(source, ..);
        await Eventually.TrueAsync(() => source.DrainOf("small").Progress.EncoderRestarts > 0, "it was asked");
        faults.Busy(false);
        await source.EndAsync();

        AssertWhole(source, "small");
        Assert.True(devices.Snapshot()[1].IsHealthy);
    }

    [Fact]
    public async Task DeviceThatFailsAgainAndAgain_TheCpuGoesOnEachTime()
    {
        SimulatedDevice device = TestDevices.Device(slots: 1, out SimulatedFaults faults);
        await using DevicePool devices = TestDevices.Simulated([device]);
        await using LadderSource source = new([Small], devices: devices);
        NumberedSource numbers = NumberedSource.Encode(Pictures, gop: 30);
        RenditionProgress progress = PublishAndFind(source, numbers, ..10);
        for (int next = 10; next < 170; next += 80)
        {
            await Eventually.TrueAsync(() => progress.FramesEncoded == next, "the device encodes");
            faults.Busy(true);
            faults.FailPicture(1);
            numbers.Publish(source, next..(next + 40));
            await Eventually.TrueAsync(() => progress.FramesEncoded == next + 40, "the CPU encodes");
            Assert.Equal("cpu", progress.Device);
            faults.Busy(false);
            numbers.Publish(source, (next + 40)..(next + 80));
            await Eventually.TrueAsync(() => progress.FramesEncoded == next + 80, "the device is back");
            Assert.Equal("simulated1", progress.Device);
        }

        numbers.Publish(source, 170..);
        await source.EndAsync();
        AssertWhole(source, "small");
        await AssertNothingLeftAsync(source, faults);
    }

    [Fact]
    public async Task NoDeviceOfThePolicyLeft_TheCpuGoesOnUntilOneIsBack()
    {
        SimulatedDevice device = TestDevices.Device(slots: 1, out SimulatedFaults faults);
        await using DevicePool devices = TestDevices.Simulated([device]);
        await using LadderSource source = new([Small], devices: devices);
        NumberedSource numbers = NumberedSource.Encode(Pictures, gop: 30);
        numbers.Publish(source, ..40);
        await Eventually.TrueAsync(() => source.DrainOf("small").Progress.FramesEncoded == 40, "the device encodes");
        faults.Lose();
        numbers.Publish(source, 40..70);
        await Eventually.TrueAsync(() => source.DrainOf("small").Progress.FramesEncoded == 70, "the CPU encodes");
        Assert.Equal("cpu", source.DrainOf("small").Progress.Device);
        faults.Restore();
        await Eventually.TrueAsync(() => devices.Snapshot()[1].IsHealthy, "the device is taken back");
        numbers.Publish(source, 70..);
        await source.EndAsync();

        AssertWhole(source, "small");
        Assert.Equal("simulated1", source.DrainOf("small").Progress.Device);
        await AssertNothingLeftAsync(source, faults);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NoDeviceOfThePolicyLeft_RenditionIsGivenUpWithWhatItLacksToldAsAbsent(bool endsBroadcast)
    {
        EncoderFallback fallback = endsBroadcast ? EncoderFallback.Fail : EncoderFallback.DropRendition;
        SimulatedDevice device = TestDevices.Device(slots: 1, out SimulatedFaults faults);
        await using DevicePool devices = TestDevices.Simulated([device]);
        await using LadderSource source = new([Small], devices: devices, fallback: fallback);
        NumberedSource numbers = NumberedSource.Encode(Pictures, Gop);
        numbers.Publish(source, ..40);
        await Eventually.TrueAsync(() => source.DrainOf("small").Progress.FramesEncoded == 40, "the device encodes");
        faults.Lose();
        numbers.Publish(source, 40..);
        await source.EndAsync();

        RenditionProgress progress = source.DrainOf("small").Progress;
        Assert.Equal((40L, Pictures - 40L, RenditionState.Failed), (progress.FramesEncoded, progress.FramesDropped, progress.State));
        Assert.Equal(40, source.RecordOf("small").Absences[0].Start.Ticks);
        Assert.Equal(Pictures, source.RecordOf("small").Absences[^1].End.Ticks);
        Assert.Equal(endsBroadcast ? 1 : 0, source.Ended.Count);
        await AssertNothingLeftAsync(source, faults);
    }

    [Fact]
    public async Task DeviceWithAnotherProfile_ReturnsItsChunkAndIsLeftOut()
    {
        SimulatedDevice first = TestDevices.Device(slots: 1, out SimulatedFaults firstFaults);
        SimulatedDevice second = TestDevices.Device(slots: 1, out SimulatedFaults secondFaults);
        SimulatedDevice third = TestDevices.Device(slots: 1, out _);
        await using DevicePool devices = TestDevices.Simulated([first, second, third]);
        await using LadderSource source = new([Small], devices: devices);
        secondFaults.Disagree("main");
        firstFaults.FailPicture(85);
        NumberedSource.Encode(Pictures, Gop).Publish(source, ..);
        await source.EndAsync();

        AssertWhole(source, "small");
        IReadOnlyList<RecordedSample> samples = source.RecordOf("small").Samples;
        Assert.All(samples, sample => Assert.True(sample.Track.IsSameStreamAs(samples[0].Track)));
        RenditionProgress progress = source.DrainOf("small").Progress;
        Assert.Equal((2L, "simulated3"), (progress.ChunksRequeued, progress.Device));
        Assert.All(devices.Snapshot(), static device => Assert.True(device.IsHealthy));
    }

    [Fact]
    public async Task NoAgreeingDeviceLeft_RenditionGoesOnBehindANewInit()
    {
        SimulatedDevice first = TestDevices.Device(slots: 1, out SimulatedFaults firstFaults);
        SimulatedDevice second = TestDevices.Device(slots: 1, out SimulatedFaults secondFaults);
        await using DevicePool devices = TestDevices.Simulated([first, second]);
        await using LadderSource source = new([Small], devices: devices);
        secondFaults.Disagree("main");
        NumberedSource numbers = NumberedSource.Encode(Pictures, Gop);
        numbers.Publish(source, ..80);
        await Eventually.TrueAsync(() => source.DrainOf("small").Progress.FramesEncoded == 80, "the first device encodes");
        firstFaults.Lose();
        numbers.Publish(source, 80..);
        await source.EndAsync();

        AssertWhole(source, "small");
        IReadOnlyList<RecordedSample> samples = source.RecordOf("small").Samples;
        Assert.Equal("simulated2", source.DrainOf("small").Progress.Device);
        Assert.False(samples[80].Track.IsSameStreamAs(samples[79].Track));
        Assert.Equal([80], Enumerable.Range(0, samples.Count).Where(index => samples[index].IsDiscontinuity));
        firstFaults.Restore();
    }

    private static RenditionProgress PublishAndFind(LadderSource source, NumberedSource numbers, Range range)
    {
        numbers.Publish(source, range);
        return source.DrainOf("small").Progress;
    }

    private static string HolderOf(DevicePool devices, string device) =>
        Assert.Single(devices.Snapshot().Single(one => one.Device == device).Leases).Rendition;

    private static IEnumerable<int> KeyframesOf(LadderSource source, string rendition) =>
        source.RecordOf(rendition).Samples.Where(static sample => sample.Sample.IsSync).Select(static sample => (int)sample.Sample.PresentationTime);

    private static void AssertWhole(LadderSource source, string rendition)
    {
        Assert.Equal(Enumerable.Range(0, Pictures).Select(static number => (long)number), source.RecordOf(rendition).Times);
        Assert.Equal(Enumerable.Range(0, Pictures).Select(static number => ((long)number, number)), source.RecordOf(rendition).Decode());
    }

    /// <summary>A slot is free again a little after its encoder was given up.</summary>
    private static async Task AssertNothingLeftAsync(LadderSource source, params SimulatedFaults[] devices)
    {
        await Eventually.TrueAsync(() => source.Devices.Snapshot().All(static device => device is { Leases.Count: 0, Waiting: 0 }), "every lease is given back");
        await Eventually.TrueAsync(() => Array.TrueForAll(devices, static device => device.Sessions == 0), "every encoder is closed");
        Assert.Equal(0, source.Pool.LentPayloads);
    }
}
