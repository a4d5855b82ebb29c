using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Encoding;
using Xunit;

namespace Rivet.Live.Tests.Encoding;

public sealed class CodecInvariantTests
{
    [Theory]
    [InlineData(VideoCodec.H264, "H264: profile 100, level 13, chroma format 1, bit depth 8, width 160, height 90")]
    [InlineData(VideoCodec.Hevc, "Hevc: profile 1, tier 0, level 60, chroma format 1, bit depth 8, chroma bit depth 8, width 160, height 90")]
    [InlineData(
        VideoCodec.Av1,
        "Av1: profile 0, level 0, tier 0, bit depth 8, monochrome 0, horizontal chroma subsampling 1, vertical chroma subsampling 1, "
        + "colour primaries 2, transfer characteristics 2, matrix coefficients 2, full range 0, width 160, height 90, still picture 0")]
    internal void Encoders_WithTheSameSettings_Agree(VideoCodec codec, string fields)
    {
        VideoEncoderSettings settings = Settings(codec);
        CodecInvariant one = Encode(settings);
        CodecInvariant other = Encode(settings);

        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.Equal(fields, one.ToString());
        Assert.Equal("", one.DifferenceFrom(other));
    }

    [Fact]
    public void Difference_NamesWhatWasSeenAndWhatWasExpected()
    {
        CodecInvariant high = Encode(Settings(VideoCodec.H264));
        CodecInvariant main = Encode(Settings(VideoCodec.H264) with { Profile = "main" });
        CodecInvariant hevc = Encode(Settings(VideoCodec.Hevc));
        CodecInvariant deep = Encode(Settings(VideoCodec.Hevc) with { BitDepth = 10 });
        CodecInvariant dark = Encode(Settings(VideoCodec.Av1) with { Color = PictureColor.Unknown with { Transfer = 16, IsFullRange = true } });
        CodecInvariant av1 = Encode(Settings(VideoCodec.Av1));

        Assert.NotEqual(main, high);
        Assert.Equal("profile 77 instead of 100", main.DifferenceFrom(high));
        Assert.Equal("profile 2 instead of 1, bit depth 10 instead of 8, chroma bit depth 10 instead of 8", deep.DifferenceFrom(hevc));
        Assert.Equal("transfer characteristics 16 instead of 2, full range 1 instead of 0", dark.DifferenceFrom(av1));
        Assert.Equal("codec Hevc instead of H264", hevc.DifferenceFrom(high));
        Assert.NotEqual(hevc, high);
    }

    [Theory]
    [InlineData(VideoCodec.H264)]
    [InlineData(VideoCodec.Hevc)]
    [InlineData(VideoCodec.Av1)]
    internal void StreamWithoutParameterSet_HasNone(VideoCodec codec)
    {
        Assert.Null(CodecInvariant.Of(codec, [0, 0, 0, 1, 0x02, 1, 2, 3]));
        Assert.Null(CodecInvariant.Of(codec, []));
    }

    [Theory]
    [InlineData(VideoCodec.H264, "000001" + "67641f", "sequence parameter set of 3 bytes")]
    [InlineData(VideoCodec.Hevc, "000001" + "42010101", "sequence parameter set of 4 bytes")]
    [InlineData(VideoCodec.Av1, "0a03" + "000000", "sequence header of 3 bytes")]
    internal void ParameterSetThatIsCutOff_IsAnErrorThatSaysSo(VideoCodec codec, string stream, string what)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => CodecInvariant.Of(codec, Convert.FromHexString(stream)));

        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(VideoCodec.H264, "libx264 gave 0 SPS and 0 PPS in 0 bytes of headers")]
    [InlineData(VideoCodec.Hevc, "libx265 gave 0 VPS, 0 SPS and 0 PPS in 0 bytes of headers")]
    [InlineData(VideoCodec.Av1, "libaom-av1 gave 0 bytes of headers without a sequence header")]
    internal void HeadersWithoutParameterSet_AreAnErrorThatSaysSo(VideoCodec codec, string what)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => CodecConfiguration.Of([], Settings(codec)));

        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    private static VideoEncoderSettings Settings(VideoCodec codec) =>
        Synthetic.Settings(160, 90) with { Codec = codec, Preset = codec == VideoCodec.Av1 ? "9" : "veryfast" };

    /// <summary>What an encoder's first sample says.</summary>
    private static CodecInvariant Encode(VideoEncoderSettings settings)
    {
        using VideoEncoder encoder = VideoEncoder.Open(Synthetic.Library, settings, new PayloadPool(), "test");
        using Picture picture = settings.BitDepth == 8 ? Synthetic.Picture(160, 90, 0) : Synthetic.Deepen(Synthetic.Picture(160, 90, 0));
        encoder.Send(picture, forceKeyframe: true);
        Assert.True(encoder.TryReceive(out EncodedSample? sample));
        sample.Dispose();
        return encoder.Invariant!;
    }
}
