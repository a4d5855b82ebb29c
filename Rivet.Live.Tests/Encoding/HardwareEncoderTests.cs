using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Bitstream;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Native;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Encoding;

/// <summary>What is said to encoders of GPUs, and what their answers mean. No test needs a GPU: each opens a device that no machine has.</summary>
public class HardwareEncoderTests
{
    private static readonly HardwareNode Cuda = new(EncoderApi.Nvenc, "nvidia", "A card", "99");
    private static readonly HardwareNode QuickSync = new(EncoderApi.Qsv, "intel", Name: null, "/dev/dri/renderD255");
    private static readonly HardwareNode Vaapi = new(EncoderApi.Vaapi, "amd", Name: null, "/dev/dri/renderD255");

    public static TheoryData<string, string, int?> Encoders
    {
        get
        {
            TheoryData<string, string, int?> rows = [];
            foreach (EncoderApi api in Enum.GetValues<EncoderApi>().Where(static api => api != EncoderApi.Software))
            {
                foreach (VideoCodec codec in Enum.GetValues<VideoCodec>())
                {
                    rows.Add(api.ToString(), codec.ToString(), null);
                    rows.Add(api.ToString(), codec.ToString(), 30);
                }
            }

            return rows;
        }
    }

    /// <summary>Options are set before the device is opened: a word that this FFmpeg's encoder does not know would be the error.</summary>
    [Theory]
    [MemberData(nameof(Encoders))]
    public void Encoder_OnADeviceThatIsNotThere_TakesItsOptionsAndNamesTheDevice(string api, string codec, int? quantizer)
    {
        HardwareNode node = NodeOf(Enum.Parse<EncoderApi>(api));
        foreach (QualityTarget? target in new QualityTarget?[] { QualityTarget.Standard, null })
        {
            EncoderTuning tuning = new() { Target = target, ConstantQuantizer = quantizer };
            VideoEncoderSettings settings = tuning.Apply(Synthetic.Settings(640, 360) with { Codec = Enum.Parse<VideoCodec>(codec) }).On(node);
            CodecException error = Assert.Throws<CodecException>(() => VideoEncoder.Open(Synthetic.Library, settings, new PayloadPool(), "test"));

            if (AvCodecFunctions.avcodec_find_encoder_by_name(settings.EncoderName) == 0)
            {
                Assert.Equal(EncoderFault.Refused, error.Fault);
                Assert.Contains($"this FFmpeg has no encoder {settings.EncoderName}", error.Message, StringComparison.Ordinal);
                continue;
            }

            Assert.Equal(EncoderFault.Lost, error.Fault);
            Assert.StartsWith($"{node} cannot be opened: av_hwdevice_ctx_create failed with ", error.Message, StringComparison.Ordinal);
            Assert.Contains(" Install ", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Tuning_OnAGpu_SpeaksItsEncodersWords()
    {
        EncoderTuning tuning = new()
        {
            Target = QualityTarget.High,
            Tier = SpeedTier.Archive,
            Options = [new EncoderOption("libx264", "aq-mode", "3"), new EncoderOption("h264_nvenc", "spatial-aq", "1")],
        };
        VideoEncoderSettings cpu = tuning.Apply(Synthetic.Settings(640, 360));
        Assert.Equal(("libx264", "medium", 20, "aq-mode"), (cpu.EncoderName, cpu.Preset, cpu.Quality, Assert.Single(cpu.Options).Name));

        VideoEncoderSettings nvenc = cpu.On(Cuda);
        Assert.Equal(("h264_nvenc", "p6", 20, "spatial-aq"), (nvenc.EncoderName, nvenc.Preset, nvenc.Quality, Assert.Single(nvenc.Options).Name));

        VideoEncoderSettings hevc = tuning.Apply(Synthetic.Settings(640, 360) with { Codec = VideoCodec.Hevc }).On(QuickSync);
        Assert.Equal(("hevc_qsv", "veryslow", 23), (hevc.EncoderName, hevc.Preset, hevc.Quality));
        Assert.Empty(hevc.Options);

        VideoEncoderSettings av1 = tuning.Apply(Synthetic.Settings(640, 360) with { Codec = VideoCodec.Av1 }).On(Vaapi);
        Assert.Equal(("av1_vaapi", "1", null), (av1.EncoderName, av1.Preset, av1.Quality));
    }

    [Theory]
    [InlineData(EncoderApi.Nvenc, "p2", "p4", "p6")]
    [InlineData(EncoderApi.Qsv, "faster", "medium", "veryslow")]
    [InlineData(EncoderApi.Vaapi, "6", "4", "1")]
    internal void Tiers_AreThreePresets(EncoderApi api, params string[] presets) =>
        Assert.Equal(presets, Enum.GetValues<SpeedTier>().Order().Select(tier => new EncoderTuning { Tier = tier }.PresetOf(VideoCodec.Hevc, api)));

    [Theory]
    [InlineData(AvUtilFunctions.AVERROR_ENOMEM, EncoderFault.Full, EncoderFault.Failed)]
    [InlineData(AvUtilFunctions.AVERROR_ENOSYS, EncoderFault.Refused, EncoderFault.Failed)]
    [InlineData(AvUtilFunctions.AVERROR_ENOENT, EncoderFault.Refused, EncoderFault.Failed)]
    [InlineData(AvUtilFunctions.AVERROR_EINVAL, EncoderFault.Refused, EncoderFault.Failed)]
    [InlineData(AvUtilFunctions.AVERROR_ENCODER_NOT_FOUND, EncoderFault.Refused, EncoderFault.Failed)]
    [InlineData(AvUtilFunctions.AVERROR_EAGAIN, EncoderFault.Busy, EncoderFault.Failed)]
    [InlineData(AvUtilFunctions.AVERROR_EIO, EncoderFault.Lost, EncoderFault.Lost)]
    [InlineData(AvUtilFunctions.AVERROR_ENODEV, EncoderFault.Lost, EncoderFault.Lost)]
    [InlineData(AvUtilFunctions.AVERROR_INVALIDDATA, EncoderFault.Failed, EncoderFault.Failed)]
    internal void Answers_SayWhatFollows(int answer, EncoderFault opening, EncoderFault encoding)
    {
        FFmpegException cause = new("avcodec_open2", answer, "test");
        CodecException error = CodecException.OfOpening(cause, Cuda);
        Assert.Equal(opening, error.Fault);
        Assert.StartsWith("nvidia device 99 (A card, NVENC): avcodec_open2 failed", error.Message, StringComparison.Ordinal);
        Assert.Equal(encoding, CodecException.OfEncoding(cause).Fault);
    }

    [Fact]
    public async Task Pool_SaysALinePerGpuAndLeavesOneThatWentAlone()
    {
        using LogLines lines = new();
        using LoggerFactory loggers = new([lines]);
        DevicePlan plan = new()
        {
            Policy = new DevicePolicy(Index: null, "nvidia"),
            Hardware =
            [
                new HardwareBackend(TestCodecs.Shared, Cuda, CodecAbilities.Of((VideoCodec.H264, 8), (VideoCodec.Hevc, 10)), CodecAbilities.None("it only encodes"), new EncodingSpeed(620e6, 2)),
                new HardwareBackend(TestCodecs.Shared, Vaapi, CodecAbilities.None("it only decodes"), CodecAbilities.Of((VideoCodec.H264, 8)), speed: null),
            ],
        };
        await using DevicePool pool = DevicePool.Open(plan, TestCodecs.Shared, presetToMeasure: null, TimeProvider.System, loggers.CreateLogger<DevicePool>());
        Assert.Contains("Device gpu1 (nvidia, A card) decodes nothing, encodes h264, hevc 10-bit, 620 million pixels a second with 2 at once.", lines.Text, StringComparison.Ordinal);
        Assert.Contains("Device gpu2 (amd, no name) decodes h264, encodes nothing: it only decodes", lines.Text, StringComparison.Ordinal);

        EncoderLease lease = pool.TryClaim(new EncoderNeed(BroadcastId.Parse("live/demo"), "720p", VideoCodec.H264, 8, 100))!;
        Assert.Equal(("gpu1", "h264_nvenc"), (lease.Device.Id, lease.Device.EncoderNameOf(VideoCodec.H264)));
        CodecException gone = Assert.Throws<CodecException>(() => lease.Open(Synthetic.Settings(640, 360), new PayloadPool(), "test"));
        lease.Fail(gone.Fault);

        Assert.Equal([true, false, true], pool.Snapshot().Select(static device => device.IsHealthy));
    }

    [Fact]
    public void Abilities_OfADeviceThatCannotBeOpened_AreNoneWithTheReason()
    {
        HardwareBackend learnt = new HardwareSearch(TestCodecs.Shared, HardwareSearch.StartDeadline).Learn([QuickSync, Vaapi]);

        Assert.False(learnt.Abilities.Any);
        Assert.Equal("nothing", learnt.Abilities.ToString());
        Assert.Contains($"{QuickSync} cannot be opened", learnt.Abilities.Why, StringComparison.Ordinal);
        Assert.Contains($"{Vaapi} cannot be opened", learnt.Abilities.Why, StringComparison.Ordinal);
        Assert.False(learnt.Decodes.Any);
        Assert.Contains($"{QuickSync.ForDecoding} cannot be opened", learnt.Decodes.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Abilities_OfADeviceThatDoesNotAnswer_AreNone()
    {
        HardwareBackend learnt = new HardwareSearch(TestCodecs.Shared, TimeSpan.Zero).Learn([Cuda]);

        Assert.Contains("did not answer", learnt.Abilities.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Abilities_AreReadAsPeopleWriteThem() => Assert.Equal(
        "h264, hevc, hevc 10-bit", CodecAbilities.Of((VideoCodec.Hevc, 10), (VideoCodec.H264, 8), (VideoCodec.Hevc, 8)).ToString());

    [Fact]
    public void Search_OnThisMachine_SaysWhereItLooked()
    {
        HardwareFindings found = new HardwareSearch(TestCodecs.Shared, HardwareSearch.StartDeadline).Find();

        Assert.Contains("libcuda.so.1", found.Tried, StringComparison.Ordinal);
        Assert.Contains("/dev/dri", found.Tried, StringComparison.Ordinal);
        Assert.All(found.Devices, static device => Assert.True(device.Abilities.Any || device.Abilities.Why!.Length > 0));
    }

    [Fact]
    public void UnitsThatGpusAddToPictures_StayOutOfSamplesButForSei()
    {
        Assert.True(AvcUnits.BelongsInSample([6]));
        Assert.False(AvcUnits.BelongsInSample([9]));
        Assert.False(AvcUnits.BelongsInSample([12]));
        Assert.True(HevcUnits.BelongsInSample([39 << 1, 1]));
        Assert.False(HevcUnits.BelongsInSample([35 << 1, 1]));
        Assert.False(HevcUnits.BelongsInSample([38 << 1, 1]));
    }

    [Theory]
    [InlineData(VideoCodec.H264, 8)]
    [InlineData(VideoCodec.Hevc, 8)]
    [InlineData(VideoCodec.Hevc, 10)]
    [InlineData(VideoCodec.Av1, 8)]
    [InlineData(VideoCodec.Av1, 10)]
    internal void SourceDepth_IsReadFromTheInit(VideoCodec codec, int bitDepth)
    {
        VideoEncoderSettings settings = new EncoderTuning { Tier = SpeedTier.Draft }.Apply(Synthetic.Settings(320, 180) with { Codec = codec, BitDepth = bitDepth });
        using VideoEncoder encoder = VideoEncoder.Open(Synthetic.Library, settings, new PayloadPool(), "test");
        using Picture picture = TestCodecs.Shared.DrawPicture(320, 180, presentationTime: 0, bitDepth);
        encoder.Send(picture, forceKeyframe: true);
        encoder.Drain();
        Assert.True(encoder.TryReceive(out EncodedSample? sample));
        sample.Dispose();

        Assert.Equal(bitDepth, SourceDepth.Of(encoder.Track!));
    }

    private static HardwareNode NodeOf(EncoderApi api) => api switch
    {
        EncoderApi.Nvenc => Cuda,
        EncoderApi.Qsv => QuickSync,
        _ => Vaapi,
    };
}
