using System.Buffers;

using Rivet.Live.Core.Bitstream;

using Xunit;

namespace Rivet.Live.Tests.Bitstream;

/// <summary>Bits, Exp-Golomb codes and emulation prevention.</summary>
public sealed class BitReaderTests
{
    [Fact]
    public void Bits_ReadInTurn_ComeHighestFirst()
    {
        BitReader bits = new([0b1010_0110, 0b1111_0000], hasEmulationPrevention: false);

        Assert.Equal((0b101u, 0b0_0110_1u, true), (bits.Bits(3), bits.Bits(6), bits.Flag()));
        Assert.Equal(OperationStatus.Done, bits.Status);
    }

    [Fact]
    public void Bits_AfterTwoZeroBytes_LeaveTheThreeOut()
    {
        byte[] bytes = [0, 0, 3, 1, 0, 0, 3, 0, 0, 3];
        BitReader inNalUnit = new(bytes, hasEmulationPrevention: true);
        BitReader plain = new(bytes, hasEmulationPrevention: false);

        Assert.Equal((0x00000100u, 0x0000u, 0x00u), (inNalUnit.Bits(32), inNalUnit.Bits(16), inNalUnit.Bits(8)));
        Assert.Equal(OperationStatus.Done, inNalUnit.Status);
        Assert.False(inNalUnit.Flag());
        Assert.Equal(OperationStatus.NeedMoreData, inNalUnit.Status);
        Assert.Equal(0x00000301u, plain.Bits(32));
    }

    [Theory]
    [InlineData(0b1000_0000, 0u, 0)]
    [InlineData(0b0100_0000, 1u, 1)]
    [InlineData(0b0110_0000, 2u, -1)]
    [InlineData(0b0010_0000, 3u, 2)]
    [InlineData(0b0001_1100, 13u, 7)]
    public void Golomb_OfKnownCodes_IsTheirValue(byte code, uint unsigned, int signed)
    {
        Assert.Equal(unsigned, new BitReader([code], hasEmulationPrevention: false).UnsignedGolomb());
        Assert.Equal(signed, new BitReader([code], hasEmulationPrevention: false).SignedGolomb());
    }

    [Fact]
    public void Golomb_WithTooManyZeros_IsInvalid()
    {
        BitReader bits = new(new byte[8], hasEmulationPrevention: false);

        Assert.Equal(0u, bits.UnsignedGolomb());
        Assert.Equal(OperationStatus.InvalidData, bits.Status);
    }
}
