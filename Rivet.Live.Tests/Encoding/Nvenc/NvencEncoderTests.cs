using System.Text.Json;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Encoding.Nvenc;
using Rivet.Live.Tests.Nvsim;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Encoding.Nvenc;

/// <summary>NVIDIA's encoders without FFmpeg, over the simulated driver: what comes out is decoded, and the driver minds nothing.</summary>
public sealed class NvencEncoderTests : IDisposable
{
    private const int Width = 320;
    private const int Height = 180;

    private readonly PayloadPool _payloads = new();

    public static TheoryData<string, string, int> Everything
    {
        get
        {
            TheoryData<string, string, int> rows = [];
            foreach (string version in (string[])["11.1", "12.0", "12.1", "12.2", "13.0"])
            {
                foreach ((VideoCodec codec, int bitDepth) in CodecAbilities.Candidates.Where(one => one.Codec != VideoCodec.Av1 || version != "11.1"))
                {
                    rows.Add(version, codec.ToString(), bitDepth);
                }
            }

            return rows;
        }
    }

    public void Dispose() => Assert.Equal(0, _payloads.LentPayloads);

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task EveryVersionAndCodec_IsEncodedWithoutAViolationAndDecodedAgain(string version, string codec, int bitDepth)
    {
        using NvsimDriver simulated = await NvsimDriver.LoadAsync("l4", ("NVSIM_MAX_API", version));
        VideoEncoderSettings settings = Settings(Enum.Parse<VideoCodec>(codec)) with { BitDepth = bitDepth, BitrateBps = 4_000_000 };
        EncoderTestResult result = new EncoderSelfTest(TestCodecs.Shared).Run(settings, pictures: 8, one => simulated.Driver.Open(one, _payloads, "test"));

        Assert.InRange(result.Decibels, 25, 100);
        simulated.Machine.RequireNoViolation();
        Assert.Equal(version, Assert.Single(simulated.Machine.Events("open")).GetProperty("api").GetString());
        JsonElement closed = Assert.Single(simulated.Machine.Events("close"));
        Assert.Equal((8, 8), (closed.GetProperty("pictures").GetInt32(), closed.GetProperty("locked").GetInt32()));
    }

    [Theory]
    [InlineData(null, null, "cbr", 700_000, 700_000, 350_000)]
    [InlineData(23, null, "vbr", 0, 700_000, 350_000)]
    [InlineData(null, 30, "constqp", 0, 0, 0)]
    public async Task RateControl_IsWhatTheSettingsSay(int? quality, int? quantizer, string mode, int average, int most, int buffer)
    {
        using NvsimDriver simulated = await NvsimDriver.LoadAsync();
        VideoEncoderSettings settings = Settings(VideoCodec.H264) with
        {
            Quality = quality,
            ConstantQuantizer = quantizer,
            BitrateBps = 700_000,
            BufferSeconds = 0.5,
            FrameRate = (30000, 1001),
        };
        simulated.Driver.Open(settings, _payloads, "test").Dispose();

        JsonElement init = Assert.Single(simulated.Machine.Events("init"));
        Assert.Equal((mode, "30000/1001"), (init.GetProperty("mode").GetString(), init.GetProperty("rate").GetString()));
        Assert.Equal(
            (average, most, buffer),
            (init.GetProperty("average").GetInt32(), init.GetProperty("maximum").GetInt32(), init.GetProperty("vbv").GetInt32()));
        Assert.Equal((0, 0), (init.GetProperty("b").GetInt32(), init.GetProperty("lookahead").GetInt32()));
        Assert.Empty(simulated.Machine.Events("violation"));
    }

    [Fact]
    public async Task Bitrate_ChangesWithoutAKeyframe()
    {
        using NvsimDriver simulated = await NvsimDriver.LoadAsync();
        using NvencEncoder encoder = simulated.Driver.Open(Settings(VideoCodec.H264) with { BitrateBps = 4_000_000, BufferSeconds = 0.2 }, _payloads, "test");
        long before = Encode(encoder, 0, 30).Sum(static sample => sample.Bytes);
        encoder.ChangeBitrate(400_000);
        List<(long Time, bool IsKeyframe, int Bytes)> after = Encode(encoder, 30, 30);

        Assert.DoesNotContain(after, static sample => sample.IsKeyframe);
        Assert.InRange(after.Sum(static sample => sample.Bytes), 1, before / 2);
        Assert.Empty(simulated.Machine.Events("violation"));
    }

    [Fact]
    public async Task SamplesThatAreNotTaken_AreKept()
    {
        using NvsimDriver simulated = await NvsimDriver.LoadAsync();
        using NvencEncoder encoder = simulated.Driver.Open(Settings(VideoCodec.H264), _payloads, "test");
        for (int number = 0; number < 11; number++)
        {
            using Picture picture = TestCodecs.Shared.DrawPicture(Width, Height, number);
            encoder.Send(picture, forceKeyframe: false);
        }

        encoder.Drain();
        encoder.Drain();
        List<(long Time, bool IsKeyframe, int Bytes)> samples = [];
        Receive(encoder, samples);
        Assert.Equal(Enumerable.Range(0, 11).Select(static number => (long)number), samples.Select(static sample => sample.Time));
        Assert.Single(samples, static sample => sample.IsKeyframe);

        using Picture late = TestCodecs.Shared.DrawPicture(Width, Height, 11);
        Assert.Throws<InvalidOperationException>(() => encoder.Send(late, forceKeyframe: false));
        Assert.Empty(simulated.Machine.Events("violation"));
    }

    [Fact]
    public async Task Report_SaysWhatTheDeviceIsAbleTo()
    {
        using NvsimDriver simulated = await NvsimDriver.LoadAsync("t4,l4,h100", ("NVSIM_MAX_API", "12.1"));
        NvencReport turing = simulated.Driver.Report(NvsimDriver.Node(0));
        Assert.Equal(("12.1", "12.1"), (turing.Driver, turing.Used));
        Assert.Equal([true, true, false], turing.Codecs.Select(static codec => codec.IsThere));
        Assert.All(simulated.Driver.Report(NvsimDriver.Node(1)).Codecs, static codec => Assert.True(codec.IsThere));
        Assert.Contains("no av1", $"{turing}", StringComparison.Ordinal);

        CodecException none = Assert.Throws<CodecException>(() => simulated.Driver.Report(NvsimDriver.Node(2)));
        Assert.Equal(EncoderFault.Refused, none.Fault);
        Assert.Contains("nvEncOpenEncodeSessionEx failed with 2 (UNSUPPORTED_DEVICE)", none.Message, StringComparison.Ordinal);
        CodecException av1 = Assert.Throws<CodecException>(() => simulated.Driver.Open(Settings(VideoCodec.Av1), _payloads, "test"));
        Assert.Equal(EncoderFault.Refused, av1.Fault);
        Assert.Contains("it does not encode av1", av1.Message, StringComparison.Ordinal);
    }

    private static VideoEncoderSettings Settings(VideoCodec codec) =>
        new EncoderTuning { Target = null }.Apply(Synthetic.Settings(Width, Height) with { Codec = codec }).On(NvsimDriver.Node());

    private static List<(long Time, bool IsKeyframe, int Bytes)> Encode(NvencEncoder encoder, int first, int count)
    {
        List<(long Time, bool IsKeyframe, int Bytes)> samples = [];
        for (int number = first; number < first + count; number++)
        {
            using Picture picture = TestCodecs.Shared.DrawPicture(Width, Height, number);
            encoder.Send(picture, forceKeyframe: false);
            Receive(encoder, samples);
        }

        return samples;
    }

    private static void Receive(NvencEncoder encoder, List<(long Time, bool IsKeyframe, int Bytes)> samples)
    {
        while (encoder.TryReceive(out EncodedSample? sample))
        {
            using (sample)
            {
                samples.Add((sample.PresentationTime, sample.IsKeyframe, sample.Payload.Memory.Length));
            }
        }
    }
}
