using Rivet.Live.Core.Bitstream;
using Xunit;

namespace Rivet.Live.Tests.Bitstream;

public class NalUnitsTests
{
    [Fact]
    public void Sample_FromAnnexB_HasLengthsAndNoParameterSetsOrDelimiters()
    {
        byte[] annexB =
        [
            0, 0, 0, 1, 0x09, 0xF0, // access unit delimiter
            0, 0, 0, 1, 0x67, 1, 2, 3, // SPS
            0, 0, 1, 0x68, 4, // PPS
            0, 0, 1, 0x06, 5, 6, // SEI
            0, 0, 0, 1, 0x65, 0, 0, 3, 1, 7, // IDR with an emulation byte
            0, 0, 1, 0x65, 8, 0, 0, // IDR and trailing zeros
        ];
        byte[] expected = [0, 0, 0, 3, 0x06, 5, 6, 0, 0, 0, 6, 0x65, 0, 0, 3, 1, 7, 0, 0, 0, 2, 0x65, 8];
        byte[] sample = new byte[NalUnits.MeasureSample(annexB, AvcUnits.BelongsInSample)];
        NalUnits.WriteSample(annexB, AvcUnits.BelongsInSample, sample);
        Assert.Equal(expected, sample);
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0, 0 })]
    [InlineData(new byte[] { 1, 2, 3, 4 })]
    [InlineData(new byte[] { 0, 0, 1 })]
    [InlineData(new byte[] { 0, 0, 1, 0, 0, 0, 1 })]
    public void Sample_FromBytesWithoutUnits_IsEmpty(byte[] annexB) => Assert.Equal(0, NalUnits.MeasureSample(annexB, AvcUnits.BelongsInSample));

    [Fact]
    public void Units_CutAtEveryByte_NeverReachPastTheEnd()
    {
        byte[] annexB = [0, 0, 0, 1, 0x65, 1, 0, 0, 1, 0x41, 2, 0, 0, 3, 0, 0, 0, 1, 0x06, 9];
        for (int cut = 0; cut <= annexB.Length; cut++)
        {
            byte[] part = annexB[..cut];
            byte[] sample = new byte[NalUnits.MeasureSample(part, AvcUnits.BelongsInSample)];
            NalUnits.WriteSample(part, AvcUnits.BelongsInSample, sample);
            Assert.InRange(sample.Length, 0, cut + (3 * NalUnits.LengthBytes));
        }
    }
}
