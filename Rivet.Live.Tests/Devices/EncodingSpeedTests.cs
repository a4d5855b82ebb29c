using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Encoding;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Devices;

/// <summary>A GPU is promised no more than it was measured to do, and what is seen corrects that.</summary>
public sealed class EncodingSpeedTests
{
    private const double EngineSpeed = 1280 * 720 * 20;

    [Fact]
    public void Measured_WithEnginesSideBySide_FindsAllOfThem()
    {
        EncodingSpeed one = MeasureEngines(1);
        EncodingSpeed four = MeasureEngines(4);

        // An engine is never faster than it is told to be; how much slower depends on the machine.
        Assert.InRange(one.PixelsPerSecond, 0, EngineSpeed * 1.001);
        Assert.InRange(four.PixelsPerSecond, one.PixelsPerSecond * 1.2, EngineSpeed * 4.001);
        Assert.True(four.Encoders > one.Encoders, $"{four} beside {one}");
    }

    [Fact]
    public void Measured_OnADeviceThatIsFullSoon_TakesWhatItOpened()
    {
        SimulatedDevice device = TestDevices.Device(slots: null, out SimulatedFaults faults);
        faults.Share((8, EngineSpeed));
        faults.Fill(2);

        EncodingSpeed speed = Measure(device);

        Assert.Equal(2, speed.Encoders);
        Assert.Equal(0, faults.Sessions);
    }

    [Fact]
    public void Measured_OnADeviceThatFails_SaysWhy()
    {
        SimulatedDevice device = TestDevices.Device(slots: null, out SimulatedFaults faults);
        faults.FailPicture(3);

        CodecException failed = Assert.Throws<CodecException>(() => Measure(device));

        Assert.Equal(EncoderFault.Failed, failed.Fault);
        Assert.Equal(0, faults.Sessions);
        Assert.Contains("by guess: told to fail", EncodingSpeed.Unmeasured("told to fail").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Device_IsPromisedWhatItDoesAndNoMore()
    {
        await using DevicePool pool = Pool(new EncodingSpeed(1000 / 0.85, 2));

        using EncoderLease first = pool.TryClaim(Need("a", VideoCodec.H264, 600))!;
        Assert.Null(pool.TryClaim(Need("b", VideoCodec.H264, 401)));
        using EncoderLease second = pool.TryClaim(Need("c", VideoCodec.H264, 400))!;

        Assert.Equal((1000, 2), (Math.Round(pool.Snapshot()[1].CapacityPixelsPerSecond!.Value), pool.Snapshot()[1].Leases.Count));
    }

    [Fact]
    public async Task Codecs_CostAGpuItsPixelsWhateverTheyCostTheCpu()
    {
        await using DevicePool pool = Pool(new EncodingSpeed(1000 / 0.85, 1));
        double onCpu = EncodingCost.Of(VideoCodec.Hevc, 10, 10, 5);

        using EncoderLease first = pool.TryClaim(Need("a", VideoCodec.Hevc, onCpu))!;
        using EncoderLease second = pool.TryClaim(Need("b", VideoCodec.Hevc, onCpu))!;

        Assert.True(onCpu > 1000);
        Assert.Null(pool.TryClaim(Need("c", VideoCodec.Hevc, onCpu)));
    }

    [Fact]
    public async Task Device_ThatTurnsOutSlower_IsPromisedLess()
    {
        ManualTime time = new();
        VideoEncoderSettings settings = Synthetic.Settings(100, 100);
        await using DevicePool pool = Pool(new EncodingSpeed(10e6, 1), time);
        using EncoderLease lease = pool.TryClaim(Need("a", VideoCodec.H264, 1e6))!;
        double promised = pool.Snapshot()[1].CapacityPixelsPerSecond!.Value;
        for (int round = 0; round < 100; round++)
        {
            // A hundred pictures in two seconds, and busy all the time: half a million pixels a second.
            time.Advance(TimeSpan.FromSeconds(2));
            for (int picture = 0; picture < 100; picture++)
            {
                lease.Worked(settings, 0.02);
            }
        }

        Assert.InRange(pool.Snapshot()[1].CapacityPixelsPerSecond!.Value, 0.8 * 500_000 * 0.85, promised / 2);
    }

    private static EncodingSpeed MeasureEngines(int count)
    {
        SimulatedDevice device = TestDevices.Device(slots: null, out SimulatedFaults faults);
        faults.Share((count, EngineSpeed));
        return Measure(device);
    }

    private static EncodingSpeed Measure(SimulatedDevice device)
    {
        SimulatedBackend backend = new(TestCodecs.Shared, device, "engines");
        PayloadPool payloads = new();
        return EncodingSpeed.Measure(VideoCodec.H264, TestCodecs.Shared, settings => backend.Open(settings with { Preset = "ultrafast" }, payloads, "engine"));
    }

    private static DevicePool Pool(EncodingSpeed speed, TimeProvider? time = null) => DevicePool.Open(
        new DevicePlan
        {
            Policy = new DevicePolicy(Index: null, TestDevices.Vendor),
            Simulated = [TestDevices.Device(slots: null, out _) with { Speed = speed }],
        },
        TestCodecs.Shared,
        presetToMeasure: null,
        time ?? TimeProvider.System,
        NullLogger<DevicePool>.Instance);

    private static EncoderNeed Need(string rendition, VideoCodec codec, double cost) =>
        new(BroadcastId.Parse("live/demo"), rendition, codec, 8, cost);
}
