using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Ladder;

/// <summary>Devices that fail in the middle of a chunk: no picture is lost, none comes twice, and all can be decoded across the seam.</summary>
public sealed class DeviceFailureTests
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
        AssertNothingLeft(source, faults);
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
        AssertNothingLeft(source, firstFaults, secondFaults);
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
        AssertNothingLeft(source, faults);
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
        AssertNothingLeft(source, faults);
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
        AssertNothingLeft(source, faults);
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

    private static string HolderOf(DevicePool devices, string device) =>
        Assert.Single(devices.Snapshot().Single(one => one.Device == device).Leases).Rendition;

    private static IEnumerable<int> KeyframesOf(LadderSource source, string rendition) =>
        source.RecordOf(rendition).Samples.Where(static sample => sample.Sample.IsSync).Select(static sample => (int)sample.Sample.PresentationTime);

    private static void AssertWhole(LadderSource source, string rendition)
    {
        Assert.Equal(Enumerable.Range(0, Pictures).Select(static number => (long)number), source.RecordOf(rendition).Times);
        Assert.Equal(Enumerable.Range(0, Pictures).Select(static number => ((long)number, number)), source.RecordOf(rendition).Decode());
    }

    private static void AssertNothingLeft(LadderSource source, params SimulatedFaults[] devices)
    {
        Assert.Equal(0, source.Pool.LentPayloads);
        Assert.All(source.Devices.Snapshot(), static device => Assert.Empty(device.Leases));
        Assert.All(devices, static device => Assert.Equal(0, device.Sessions));
    }
}
