using System.Buffers;

using Rivet.Live.Core.Bitstream;
using Rivet.Live.Core.Boxes;

using Xunit;

namespace Rivet.Live.Tests.Boxes;

/// <summary>Codec strings from configurations, as players know them.</summary>
public sealed class CodecStringTests
{
    [Theory]
    [InlineData("0164001fffe00000", "avc1.64001f")]
    [InlineData("0142c00bffe00000", "avc1.42c00b")]
    public void AvcC_Read_GivesItsCodec(string hex, string codec)
    {
        Assert.Equal(OperationStatus.Done, AvcC.TryRead(Convert.FromHexString(hex), out AvcC avcC));
        Assert.Equal(codec, CodecStrings.Avc(BoxType.Avc1, avcC));
    }

    [Theory]
    [InlineData("0101600000009000000000005df000fcfdf8f800000f00", "hvc1.1.6.L93.90")]
    [InlineData("01222000000090000000000099f000fcfdfafa00000f00", "hvc1.2.4.H153.90")]
    [InlineData("01440800000000000000000078f000fcfdf8f800000f00", "hvc1.A4.10.L120")]
    [InlineData("0101600000009000b0000000005df000fcfdf8f8000000", "hvc1.1.6.L0.90.0.B0")]
    public void HvcC_Read_GivesItsCodec(string hex, string codec)
    {
        Assert.Equal(OperationStatus.Done, HvcC.TryRead(Convert.FromHexString(hex), out HvcC hvcC));
        Assert.Equal(codec, CodecStrings.Hevc(BoxType.Hvc1, hvcC));
    }

    [Theory]
    [InlineData("81080c00", "av01.0.08M.08")]
    [InlineData("81cdcc00", "av01.6.13H.10")]
    [InlineData("814d6c00", "av01.2.13M.12")]
    public void Av1C_Read_GivesItsCodec(string hex, string codec)
    {
        Assert.Equal(OperationStatus.Done, Av1C.TryRead(Convert.FromHexString(hex), out Av1C av1C));
        Assert.Equal(codec, CodecStrings.Av1(av1C));
    }

    [Theory]
    [InlineData("01000000000a820202020000", "vp09.00.10.08")]
    [InlineData("01000000021fa20202020000", "vp09.02.31.10")]
    public void VpcC_Read_GivesItsCodec(string hex, string codec)
    {
        Assert.Equal(OperationStatus.Done, VpcC.TryRead(Convert.FromHexString(hex), out VpcC vpcC));
        Assert.Equal(codec, CodecStrings.Vp9(vpcC));
    }

    [Theory]
    [InlineData("1190", 2, 48000, 2, "mp4a.40.2")]
    [InlineData("1210", 2, 44100, 2, "mp4a.40.2")]
    [InlineData("118856e500", 2, 48000, 1, "mp4a.40.2")]
    [InlineData("2b118800", 5, 48000, 2, "mp4a.40.5")]
    [InlineData("eb098800", 29, 48000, 2, "mp4a.40.29")]
    [InlineData("1780455788", 2, 35503, 1, "mp4a.40.2")]
    [InlineData("11b8", 2, 48000, 8, "mp4a.40.2")]
    public void AudioSpecificConfig_Read_GivesItsCodecAndSound(string hex, int objectType, int sampleRate, int channels, string codec)
    {
        Assert.Equal(OperationStatus.Done, AudioSpecificConfig.TryRead(Convert.FromHexString(hex), out AudioSpecificConfig configuration));
        Assert.Equal(new AudioSpecificConfig(objectType, sampleRate, channels), configuration);
        Assert.Equal(codec, CodecStrings.Aac(configuration));
    }

    [Fact]
    public void AudioSpecificConfig_Cut_AsksForMore() =>
        Assert.Equal(OperationStatus.NeedMoreData, AudioSpecificConfig.TryRead([0x11], out _));

    [Fact]
    public void AudioSpecificConfig_WithAReservedRate_IsInvalid() =>
        Assert.Equal(OperationStatus.InvalidData, AudioSpecificConfig.TryRead([0x16, 0x90], out _));
}
