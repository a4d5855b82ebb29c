using System.Buffers;

using Rivet.Live.Core.Bitstream;

using Xunit;

namespace Rivet.Live.Tests.Bitstream;

/// <summary>Sequence parameter sets as x264 writes them.</summary>
public sealed class AvcSpsTests
{
    [Theory]
    [InlineData("6742c00bda0a37e4c044000003000400000300c83c50aa80", 66, 11, 160, 90)]
    [InlineData("67640028acd940780227e5c044000003000400000300c83c60c658", 100, 40, 1920, 1080)]
    [InlineData("67640015acd941433f260220000003002000000643e28532c0", 100, 21, 320, 180)]
    public void Sps_OfX264_HasTheCroppedSize(string hex, byte profile, byte level, int width, int height)
    {
        Assert.Equal(OperationStatus.Done, AvcSps.TryRead(Convert.FromHexString(hex), out AvcSps sps));

        Assert.Equal((profile, level, 1, 8, width, height), (sps.Profile, sps.Level, sps.ChromaFormat, sps.BitDepth, sps.Width, sps.Height));
    }

    [Theory]
    [InlineData("6742c00bda0a37e4c044000003000400000300c83c50aa80", 2)]
    [InlineData("6764000aacd9447b016a020202800000030080000019078912cb", 1)]
    [InlineData("6764000aacd9447b016a122002800000030080000019078912cb", 16)]
    [InlineData("6764000aacd9447b016a122402800000030080000019078912cb", 18)]
    public void Sps_OfX264_HasItsTransferCharacteristics(string hex, byte transfer)
    {
        Assert.Equal(OperationStatus.Done, AvcSps.TryRead(Convert.FromHexString(hex), out AvcSps sps));

        Assert.Equal(transfer, sps.Transfer);
    }

    [Fact]
    public void Sps_CutBeforeItsSize_AsksForMore()
    {
        byte[] sps = Convert.FromHexString("6742c00bda0a37e4c0");
        for (int cut = 0; cut < 7; cut++)
        {
            Assert.Equal(OperationStatus.NeedMoreData, AvcSps.TryRead(sps.AsSpan(0, cut), out _));
        }
    }

    [Theory]
    [InlineData("68ce0fc8")]
    [InlineData("6742c00bda00000000000000000000000000")]
    public void Sps_ThatIsNone_IsInvalid(string hex) =>
        Assert.Equal(OperationStatus.InvalidData, AvcSps.TryRead(Convert.FromHexString(hex), out _));
}
