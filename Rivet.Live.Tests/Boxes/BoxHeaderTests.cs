using System.Buffers;

using Rivet.Live.Core.Boxes;

using Xunit;

namespace Rivet.Live.Tests.Boxes;

/// <summary>Headers of all four lengths, and sizes that cannot be.</summary>
public sealed class BoxHeaderTests
{
    [Theory]
    [InlineData("0000000866726565", 8, 0L)]
    [InlineData("0000000c66726565", 8, 4L)]
    [InlineData("00000001667265650000000100000000", 16, 0xFFFFFFF0L)]
    [InlineData("00000018757569646d1d9b0542d544e680e2141daff757b2", 24, 0L)]
    [InlineData("000000017575696400000000000000306d1d9b0542d544e680e2141daff757b2", 32, 16L)]
    public void Header_CutAtAnyByte_AsksForMoreAndReadsWhole(string hex, int headerBytes, long payloadBytes)
    {
        byte[] bytes = Convert.FromHexString(hex);
        for (int cut = 0; cut < bytes.Length; cut++)
        {
            Assert.Equal(OperationStatus.NeedMoreData, BoxHeader.TryRead(bytes.AsSpan(0, cut), out _));
        }

        Assert.Equal(OperationStatus.Done, BoxHeader.TryRead(bytes, out BoxHeader header));
        Assert.Equal((headerBytes, payloadBytes), (header.HeaderBytes, header.PayloadBytes));
    }

    [Theory]
    [InlineData("000000006d6f6f76")]
    [InlineData("000000076d6f6f76")]
    [InlineData("000000006d646174ffff")]
    [InlineData("000000016d646174000000000000000f")]
    [InlineData("000000016d6461748000000000000000")]
    [InlineData("00000017757569646d1d9b0542d544e680e2141daff757b2")]
    [InlineData("0000000075756964")]
    public void Header_WithAnImpossibleSize_IsInvalid(string hex) =>
        Assert.Equal(OperationStatus.InvalidData, BoxHeader.TryRead(Convert.FromHexString(hex), out _));

    [Fact]
    public void Reader_OnACutBox_ConsumesNothing()
    {
        byte[] bytes = Convert.FromHexString("0000000c6672656501020304");
        for (int cut = 0; cut < bytes.Length; cut++)
        {
            BoxReader reader = new(bytes.AsSpan(0, cut));
            Assert.Equal(OperationStatus.NeedMoreData, reader.TryReadBox(out _, out _));
            Assert.Equal(0, reader.Consumed);
        }

        BoxReader whole = new(bytes);
        Assert.Equal(OperationStatus.Done, whole.TryReadBox(out _, out ReadOnlySpan<byte> payload));
        Assert.Equal("01020304", Convert.ToHexStringLower(payload));
    }

    [Fact]
    public void Writer_OverTooLittleMemory_Throws()
    {
        BoxWriter boxes = new(new byte[9]);
        boxes.UInt64(1);

        Assert.Throws<InvalidOperationException>(() => boxes.UInt16(1));
        Assert.Equal(8, boxes.Written);
    }

    [Fact]
    public void Writer_ThatGrows_KeepsWhatWasWritten()
    {
        BoxWriter boxes = new();
        using (boxes.Open(BoxType.Free))
        {
            for (int index = 0; index < 3000; index++)
            {
                boxes.UInt8((byte)index);
            }
        }

        Assert.Equal(OperationStatus.Done, new BoxReader(boxes.WrittenMemory.Span).TryReadBox(out BoxHeader header, out ReadOnlySpan<byte> payload));
        Assert.Equal((3000L, (byte)(2999 & 0xFF)), (header.PayloadBytes, payload[^1]));
    }

    [Theory]
    [InlineData("moov", "moov", true)]
    [InlineData("\u00a9nam", "\u00a9nam", true)]
    [InlineData("\0\0\0\u0001", "0x00000001", false)]
    public void Type_Shown_IsReadable(string type, string expected, bool isPrintable)
    {
        Assert.Equal(expected, BoxType.Of(type).ToString());
        Assert.Equal(isPrintable, BoxType.Of(type).IsPrintable);
    }
}
