using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Encoding;
using Xunit;

namespace Rivet.Live.Tests.Encoding;

/// <summary>What holds for every codec that is encoded.</summary>
public sealed class VideoEncoderCodecTests
{
    private const int Width = 320;
    private const int Height = 180;

    [Theory]
    [InlineData(VideoCodec.H264, 8, 1)]
    [InlineData(VideoCodec.Hevc, 8, 1)]
    [InlineData(VideoCodec.Hevc, 8, 2)]
    [InlineData(VideoCodec.Hevc, 10, 1)]
    [InlineData(VideoCodec.Av1, 8, 1)]
    [InlineData(VideoCodec.Av1, 10, 2)]
    internal void Encoder_OverSceneChanges_GivesEachPictureOnceInOrderAndKeyframesOnlyWhereAsked(VideoCodec codec, int bitDepth, int threads)
    {
        using VideoEncoder encoder = Open(Settings(codec) with { BitDepth = bitDepth, Threads = threads });
        List<(long Time, bool IsKeyframe)> samples = [];
        const int Count = 120;
        for (int number = 0; number < Count; number++)
        {
            using Picture picture = Draw(number, bitDepth);
            encoder.Send(picture, forceKeyframe: number is 50 or 51 or 100);
            Receive(encoder, samples);
            Assert.Equal(number + 1, samples.Count);
        }

        encoder.Drain();
        Receive(encoder, samples);
        Assert.Equal(Enumerable.Range(0, Count).Select(static number => (long)number), samples.Select(static sample => sample.Time));
        Assert.Equal([0L, 50, 51, 100], samples.Where(static sample => sample.IsKeyframe).Select(static sample => sample.Time));
    }

    [Theory]
    [InlineData(VideoCodec.H264, 8, 1)]
    [InlineData(VideoCodec.Hevc, 8, 1)]
    [InlineData(VideoCodec.Hevc, 8, 2)]
    [InlineData(VideoCodec.Hevc, 10, 1)]
    [InlineData(VideoCodec.Av1, 8, 1)]
    [InlineData(VideoCodec.Av1, 10, 2)]
    internal void Encoder_WithACap_KeepsItOverEverySecondOfNoise(VideoCodec codec, int bitDepth, int threads)
    {
        const int Seconds = 6;
        VideoEncoderSettings settings = new EncoderTuning { Target = QualityTarget.VisuallyLossless, Tier = SpeedTier.Draft }
            .Apply(Settings(codec) with { BitDepth = bitDepth, Threads = threads, BitrateBps = 400_000 });
        using VideoEncoder encoder = Open(settings);
        List<int> bytes = [];
        for (int number = 0; number < 30 * Seconds; number++)
        {
            using Picture picture = Draw(number, bitDepth);
            encoder.Send(picture, forceKeyframe: number % 60 == 0);
            while (encoder.TryReceive(out EncodedSample? sample))
            {
                bytes.Add(sample.Payload.Memory.Length);
                sample.Dispose();
            }
        }

        // Two seconds of the cap, and what the buffer of one second may have saved up.
        for (int start = 0; start + 60 <= bytes.Count; start += 15)
        {
            Assert.InRange(bytes.Skip(start).Take(60).Sum() * 8L, 1, 400_000 * 3);
        }
    }

    [Theory]
    [InlineData(VideoCodec.H264)]
    [InlineData(VideoCodec.Hevc)]
    [InlineData(VideoCodec.Av1)]
    internal void Encoder_AimingAtLessQuality_SpendsLess(VideoCodec codec)
    {
        int[] bytes = [.. new[] { QualityTarget.VisuallyLossless, QualityTarget.High, QualityTarget.Standard, QualityTarget.Low }
            .Select(target => Spend(new EncoderTuning { Target = target }.Apply(Settings(codec) with { BitrateBps = 20_000_000 })))];

        Assert.Equal(bytes.OrderDescending(), bytes);
        Assert.Equal(4, bytes.Distinct().Count());
    }

    [Theory]
    [InlineData(VideoCodec.H264)]
    [InlineData(VideoCodec.Hevc)]
    [InlineData(VideoCodec.Av1)]
    internal void Encoder_WithAConstantQuantizer_SpendsWhatItTakes(VideoCodec codec)
    {
        int fine = Spend(new EncoderTuning { ConstantQuantizer = 12 }.Apply(Settings(codec) with { BitrateBps = 10_000 }));
        int coarse = Spend(new EncoderTuning { ConstantQuantizer = 45 }.Apply(Settings(codec) with { BitrateBps = 10_000 }));

        Assert.InRange(coarse, 1, fine / 3);
        Assert.True(fine * 8 > 100_000, $"{fine} bytes in a second: the bit rate still bounds it.");
    }

    [Theory]
    [InlineData(VideoCodec.H264, "crf", "40")]
    [InlineData(VideoCodec.Hevc, "crf", "45")]
    [InlineData(VideoCodec.Hevc, "x265-params", "crf=45")]
    [InlineData(VideoCodec.Av1, "qmin", "60")]
    internal void Encoder_ToldAnOption_TakesItInsteadOfOurs(VideoCodec codec, string name, string value)
    {
        VideoEncoderSettings settings = Settings(codec) with { BitrateBps = 20_000_000 };
        EncoderTuning tuning = new();
        int told = Spend((tuning with { Options = [new EncoderOption(settings.EncoderName, name, value)] }).Apply(settings));
        int untold = Spend((tuning with { Options = [new EncoderOption("another", name, value)] }).Apply(settings));

        Assert.InRange(told, 1, untold / 2);
    }

    [Theory]
    [InlineData(VideoCodec.H264)]
    [InlineData(VideoCodec.Hevc)]
    [InlineData(VideoCodec.Av1)]
    internal void Encoder_ToldAnOptionThatItDoesNotHave_RefusesAndNamesIt(VideoCodec codec)
    {
        VideoEncoderSettings settings = Settings(codec);
        CodecException error = Assert.Throws<CodecException>(() => Open(settings with { Options = [new EncoderOption(settings.EncoderName, "no-such", "1")] }));

        Assert.Contains("no-such=1", error.Message, StringComparison.Ordinal);
    }

    private static int Spend(VideoEncoderSettings settings)
    {
        using VideoEncoder encoder = Open(settings);
        int bytes = 0;
        for (int number = 0; number <= 30; number++)
        {
            if (number < 30)
            {
                using Picture picture = Draw(number, bitDepth: 8);
                encoder.Send(picture, forceKeyframe: false);
            }
            else
            {
                encoder.Drain();
            }

            while (encoder.TryReceive(out EncodedSample? sample))
            {
                bytes += sample.Payload.Memory.Length;
                sample.Dispose();
            }
        }

        return bytes;
    }

    private static void Receive(VideoEncoder encoder, List<(long Time, bool IsKeyframe)> samples)
    {
        while (encoder.TryReceive(out EncodedSample? sample))
        {
            Assert.Equal(sample.PresentationTime, sample.DecodeTime);
            samples.Add((sample.PresentationTime, sample.IsKeyframe));
            sample.Dispose();
        }
    }

    /// <summary>Noise that is another scene after every 37 pictures.</summary>
    private static Picture Draw(int number, int bitDepth)
    {
        Picture picture = Synthetic.Picture(Width, Height, number, number, scene: number / 37);
        return bitDepth == 8 ? picture : Synthetic.Deepen(picture);
    }

    private static VideoEncoderSettings Settings(VideoCodec codec) =>
        Synthetic.Settings(Width, Height) with { Codec = codec, Preset = new EncoderTuning { Tier = SpeedTier.Draft }.PresetOf(codec) };

    private static VideoEncoder Open(VideoEncoderSettings settings) => VideoEncoder.Open(Synthetic.Library, settings, new PayloadPool(), "test");
}
