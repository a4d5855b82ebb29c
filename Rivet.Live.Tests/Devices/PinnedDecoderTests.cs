using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Native;
using Rivet.Live.Tests.Encoding;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Devices;

/// <summary>A device that decodes, in its own budget, and the CPU behind it.</summary>
public sealed class PinnedDecoderTests
{
    private const int Pictures = 40;
    private const int Gop = 10;

    private static readonly (TrackDescription Track, List<(byte[] Bytes, long Time, bool IsSync)> Samples) Source = Synthetic.Stream(160, 120, Pictures, Gop);

    private readonly ManualTime _time = new();

    /// <summary>Whoever reads late has pictures of an earlier keyframe still to come.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(15, 1)]
    [InlineData(21, 1)]
    [InlineData(15, 7)]
    [InlineData(21, 13)]
    [InlineData(40, 40)]
    public async Task DeviceThatFails_CpuGoesOnAndEveryPictureComesOnce(int failing, int readAfter)
    {
        SimulatedDevice device = TestDevices.Device(slots: null, out SimulatedFaults faults);
        DecoderDesk desk = DeskOf(device);
        using (IVideoDecoder decoder = desk.Open(Source.Track, threads: 1, "test"))
        {
            faults.FailSample(failing);
            Assert.Equal(Source.Samples.Select(static sample => sample.Time), Decode(decoder, readAfter));
            await Eventually.TrueAsync(() => desk.Budget.Open == 0 && faults.Decoders == 0, "the device's decoder is closed");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DeviceThatHangsOrIsLost_CpuGoesOnAndThePlaceIsFreeOnceItIsClosed(bool hangs)
    {
        SimulatedDevice device = TestDevices.Device(slots: null, out SimulatedFaults faults);
        DecoderDesk desk = DeskOf(device, deadlines: new EncoderDeadlines(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(0.2)));
        using (IVideoDecoder decoder = desk.Open(Source.Track, threads: 1, "test"))
        {
            List<long> times = [];
            foreach ((byte[] bytes, long time, bool isSync) in Source.Samples)
            {
                if (time == 17)
                {
                    (hangs ? (Action)faults.Hang : faults.Lose)();
                }

                decoder.Send(bytes, time, time, isSync);
                Receive(decoder, times);
            }

            Assert.Equal(Source.Samples.Select(static sample => sample.Time), times);
            Assert.True(!hangs || desk.Budget.Open == 1, "a decoder that hangs has given its place up");
        }

        faults.Restore();
        await Eventually.TrueAsync(() => desk.Budget.Open == 0 && faults.Decoders == 0, "its decoder is closed");
    }

    [Fact]
    public void DamagedSample_IsTheSampleFault()
    {
        DecoderDesk desk = DeskOf(TestDevices.Device(slots: null, out _));
        using IVideoDecoder decoder = desk.Open(Source.Track, threads: 1, "test");
        List<long> times = [];
        foreach ((byte[] bytes, long time, bool isSync) in Source.Samples)
        {
            if (time == 12)
            {
                byte[] garbage = new byte[200];
                garbage.AsSpan().Fill(0xA5);
                CodecException error = Assert.Throws<CodecException>(() => decoder.Send(garbage, time, time, isSync));
                Assert.Contains("Invalid data", error.Message, StringComparison.Ordinal);
                continue;
            }

            decoder.Send(bytes, time, time, isSync);
            Receive(decoder, times);
        }

        Assert.Equal(Source.Samples.Select(static sample => sample.Time).Where(static time => time != 12), times);
    }

    [Fact]
    public void Decoder_DrainedOrReset_BeginsAfresh()
    {
        DecoderDesk desk = DeskOf(TestDevices.Device(slots: null, out SimulatedFaults faults));
        using IVideoDecoder decoder = desk.Open(Source.Track, threads: 1, "test");
        Assert.Equal(Pictures, Decode(decoder, readAfter: Pictures).Count);
        decoder.Reset();
        Assert.Equal(Pictures, Decode(decoder, readAfter: 1).Count);

        // Times that begin again are no pictures that came before.
        faults.FailSample(3);
        decoder.Reset();
        Assert.Equal(Pictures, Decode(decoder, readAfter: 1).Count);
        decoder.Reset();
        Assert.Equal(Pictures, Decode(decoder, readAfter: 1).Count);
    }

    [Fact]
    public async Task DeviceThatIsFull_CpuDecodesAndNothingIsHeldAgainstTheDevice()
    {
        DecoderDesk desk = DeskOf(TestDevices.Device(slots: null, out SimulatedFaults faults));
        faults.FillDecoders(2);
        IVideoDecoder[] decoders = [.. Enumerable.Range(0, 4).Select(_ => desk.Open(Source.Track, threads: 1, "test"))];
        Assert.Equal(2, faults.Decoders);
        Assert.All(decoders, static decoder => Assert.Equal(Pictures, Decode(decoder, readAfter: 1).Count));

        // It is asked again as soon as there is room, and no sooner.
        faults.FillDecoders(null);
        using (desk.Open(Source.Track, threads: 1, "test"))
        {
            Assert.Equal(2, desk.Budget.Open);
        }

        Array.ForEach(decoders, static decoder => decoder.Dispose());
        await Eventually.TrueAsync(() => desk.Budget.Open == 0, "all are closed");
        using IVideoDecoder last = desk.Open(Source.Track, threads: 1, "test");
        Assert.Equal(1, desk.Budget.Open);
    }

    [Fact]
    public void Budget_IsTheDecodersOwn()
    {
        SimulatedDevice device = TestDevices.Device(slots: 1, out SimulatedFaults faults);
        faults.Fill(0);
        DecoderDesk desk = DeskOf(device, most: 1);
        using IVideoDecoder first = desk.Open(Source.Track, threads: 1, "test");
        using IVideoDecoder second = desk.Open(Source.Track, threads: 1, "test");

        Assert.Equal((1, 1), (desk.Budget.Open, faults.Decoders));
        Assert.IsType<PinnedDecoder>(first);
        Assert.IsType<VideoDecoder>(second);
    }

    [Fact]
    public void DeviceThatFailed_IsLeftAloneForHalfAMinute()
    {
        DecoderDesk desk = DeskOf(TestDevices.Device(slots: null, out SimulatedFaults faults));
        using (IVideoDecoder decoder = desk.Open(Source.Track, threads: 1, "test"))
        {
            faults.FailSample(1);
            _ = Decode(decoder, readAfter: 1);
        }

        _time.Advance(TimeSpan.FromSeconds(29));
        desk.Open(Source.Track, threads: 1, "test").Dispose();
        Assert.IsType<VideoDecoder>(desk.Open(Source.Track, threads: 1, "test"));

        _time.Advance(TimeSpan.FromSeconds(2));
        using IVideoDecoder again = desk.Open(Source.Track, threads: 1, "test");
        Assert.IsType<PinnedDecoder>(again);
    }

    [Fact]
    public async Task DeviceThatIsQuarantined_IsNotWaitedFor()
    {
        SimulatedDevice device = TestDevices.Device(slots: 1, out SimulatedFaults faults);
        await using DevicePool pool = TestDevices.Open(new DevicePlan { BoundsWork = false, DecodeDevice = 1, Simulated = [device], FirstQuarantine = TimeSpan.FromHours(1) });
        pool.Claim(new EncoderNeed(BroadcastId.Parse("live/demo"), "240p", VideoCodec.H264, 8, 100)).TryTake()!.Fail(EncoderFault.Hung);
        faults.Hang();

        using IVideoDecoder decoder = pool.Decoders.Open(Source.Track, threads: 1, "test");
        Assert.IsType<VideoDecoder>(decoder);
    }

    [Fact]
    public void Device_IsAskedForWhatItDecodesOnly()
    {
        SimulatedDevice device = TestDevices.Device(slots: null, out SimulatedFaults faults) with { Decodes = CodecAbilities.Of((VideoCodec.Hevc, 8), (VideoCodec.H264, 10)) };
        using IVideoDecoder decoder = DeskOf(device).Open(Source.Track, threads: 1, "test");

        Assert.Equal(0, faults.Decoders);
        Assert.Equal(Pictures, Decode(decoder, readAfter: 1).Count);
    }

    [Theory]
    [InlineData(7, "there are devices 0 to 1 only")]
    [InlineData(1, "simulated1 decodes nothing: it only encodes")]
    public async Task DeviceThatCannotDecode_IsToldAtStart(int number, string why)
    {
        using LogLines lines = new();
        using Microsoft.Extensions.Logging.LoggerFactory loggers = new([lines]);
        DevicePlan plan = new()
        {
            BoundsWork = false,
            DecodeDevice = number,
            Simulated = [TestDevices.Device(slots: 1, out _) with { Decodes = CodecAbilities.None("it only encodes") }],
        };
        await using DevicePool pool = DevicePool.Open(plan, TestCodecs.Shared, presetToMeasure: null, TimeProvider.System, new Microsoft.Extensions.Logging.Logger<DevicePool>(loggers));

        Assert.Contains($"Encoding:DecodeDevice is {number}, and {why}: the CPU decodes.", lines.Text, StringComparison.Ordinal);
        using IVideoDecoder decoder = pool.Decoders.Open(Source.Track, threads: 1, "test");
        Assert.IsType<VideoDecoder>(decoder);
    }

    /// <summary>To FFmpeg, Vulkan on the CPU is a device whose pictures have to be downloaded.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(10)]
    public void DownloadedPicture_IsThePictureThatWasUploaded(int bitDepth)
    {
        const int Width = 854;
        const int Height = 482;
        AVOffsets offsets = Synthetic.Library.Offsets;
        using AVHWDeviceContextHandle device = AVHWDeviceContextHandle.Open("vulkan", address: null);
        using AVHWFramesContextHandle surfaces = AVHWFramesContextHandle.Open(
            offsets, device, AvUtilFunctions.av_get_pix_fmt("vulkan"), PixelFormats.InterleavedOf(bitDepth), Width, Height);
        using EncoderInput input = new(offsets, Synthetic.Settings(Width, Height) with { BitDepth = bitDepth }, interleaves: true, surfaces);
        using PictureDownload download = new(offsets);
        for (int number = 0; number < 3; number++)
        {
            Picture drawn = Synthetic.Picture(Width, Height, number, number);
            using Picture picture = bitDepth == 8 ? drawn : Synthetic.Deepen(drawn);
            using AVFrameHandle surface = AVFrameHandle.Allocate(offsets);
            input.Load(picture, surface);

            using AVFrameHandle back = download.Take(surface);
            Assert.Equal((PixelFormats.PlanarOf(bitDepth), (long)number), (back.Format, back.Pts));
            for (int plane = 0; plane < 3; plane++)
            {
                for (int row = 0; row < picture.PlaneHeight(plane); row++)
                {
                    int bytes = picture.PlaneWidth(plane) * (bitDepth == 8 ? 1 : 2);
                    Assert.True(
                        RowOf(picture.Frame, plane, row, bytes).SequenceEqual(RowOf(back, plane, row, bytes)), $"plane {plane}, row {row} differs");
                }
            }
        }
    }

    [Fact]
    public void PictureThatIsNoDevices_IsRefused()
    {
        using PictureDownload download = new(Synthetic.Library.Offsets);
        using Picture picture = Synthetic.Picture(160, 120, 0);
        CodecException error = Assert.Throws<CodecException>(() => download.Take(picture.Frame));

        Assert.Equal(EncoderFault.Refused, error.Fault);
        Assert.Contains("came as yuv420p", error.Message, StringComparison.Ordinal);
    }

    private static ReadOnlySpan<byte> RowOf(AVFrameHandle frame, int plane, int row, int bytes) =>
        frame.Plane(plane, bytes, row + 1).Slice(row * frame.Stride(plane), bytes);

    private static List<long> Decode(IVideoDecoder decoder, int readAfter)
    {
        List<long> times = [];
        int sent = 0;
        foreach ((byte[] bytes, long time, bool isSync) in Source.Samples)
        {
            decoder.Send(bytes, time, time, isSync);
            if (++sent % readAfter == 0)
            {
                Receive(decoder, times);
            }
        }

        decoder.Drain();
        Receive(decoder, times);
        return times;
    }

    private static void Receive(IVideoDecoder decoder, List<long> times)
    {
        while (decoder.TryReceive(out Picture? picture))
        {
            times.Add(picture.PresentationTime);
            picture.Dispose();
        }
    }

    private DecoderDesk DeskOf(SimulatedDevice device, int? most = null, EncoderDeadlines? deadlines = null) => new(
        TestCodecs.Shared,
        DevicePool.DevicesOf(new DevicePlan { BoundsWork = false, Simulated = [device] }, TestCodecs.Shared, _time)[1],
        new DecoderBudget(most),
        deadlines ?? EncoderDeadlines.Live,
        _time,
        NullLogger.Instance);
}
