using Rivet.Live.Core.MessagePack;
using Xunit;

namespace Rivet.Live.Tests.MessagePack;

/// <summary>What is no MessagePack, or not what was asked for: one exception, which says where, what and what instead.</summary>
public sealed class MalformedTests
{
    [Theory]
    [InlineData("", 0, "the end", "a value")]
    [InlineData("c1", 0, "never used (0xc1)", "a value")]
    [InlineData("9201c1", 2, "never used (0xc1)", "a value")]
    [InlineData("cc", 1, "0 bytes to the end", "1 of ")]
    [InlineData("cf00000000000000", 1, "7 bytes to the end", "8 of ")]
    [InlineData("cb0000", 1, "2 bytes to the end", "8 of a float 64")]
    [InlineData("a26f", 1, "1 bytes to the end", "2 of a string")]
    [InlineData("dbffffffff00", 5, "1 bytes to the end", "4294967295 of a string")]
    [InlineData("db0000", 1, "2 bytes to the end", "4 of a string")]
    [InlineData("c6ffffffff", 5, "0 bytes to the end", "4294967295 of bytes")]
    [InlineData("c9ffffffff05", 6, "0 bytes to the end", "4294967295 of an extension")]
    [InlineData("d4", 1, "0 bytes to the end", "1 of an extension")]
    [InlineData("a1ff", 0, "a string that is not UTF-8", "a string")]
    [InlineData("a2c080", 0, "a string that is not UTF-8", "a string")]
    [InlineData("a3eda080", 0, "a string that is not UTF-8", "a string")]
    [InlineData("91a1ff", 1, "a string that is not UTF-8", "a string")]
    [InlineData("ddffffffff", 0, "a header that announces 4294967295 values where 0 more are owed, and 0 bytes", "at least a byte for each value")]
    [InlineData("dfffffffff", 0, "a header that announces 8589934590 values where 0 more are owed, and 0 bytes", "at least a byte for each value")]
    [InlineData("9493c0c0c0c0", 1, "a header that announces 3 values where 3 more are owed, and 4 bytes", "at least a byte for each value")]
    [InlineData("91", 0, "a header that announces 1 values where 0 more are owed, and 0 bytes", "at least a byte for each value")]
    public void Value_ThatIsMalformed_IsRefusedReadOrSkipped(string hex, int offset, string seen, string expected)
    {
        byte[] bytes = Convert.FromHexString(hex);

        foreach (MessagePackException refusal in (MessagePackException[])[
            Assert.Throws<MessagePackException>(() => Values.Read(bytes, out _)),
            Assert.Throws<MessagePackException>(() => Skip(bytes))])
        {
            Assert.Equal((offset, seen), (refusal.Offset, refusal.Seen));
            Assert.Contains(expected, refusal.Expected, StringComparison.Ordinal);
            Assert.Equal($"byte {offset}: saw {seen}, expected {refusal.Expected}", refusal.Message);
        }
    }

    [Theory]
    [InlineData("ca00000000", nameof(MessagePackReader.ReadInt64), "float 32 (0xca)")]
    [InlineData("cf8000000000000000", nameof(MessagePackReader.ReadInt64), "9223372036854775808")]
    [InlineData("ff", nameof(MessagePackReader.ReadUInt64), "-1")]
    [InlineData("ce80000000", nameof(MessagePackReader.ReadInt32), "2147483648")]
    [InlineData("d3ffffffff7fffffff", nameof(MessagePackReader.ReadInt32), "-2147483649")]
    [InlineData("a0", nameof(MessagePackReader.ReadDouble), "fixstr (0xa0)")]
    [InlineData("cb0000000000000000", nameof(MessagePackReader.ReadSingle), "float 64 (0xcb)")]
    [InlineData("01", nameof(MessagePackReader.ReadBoolean), "positive fixint (0x01)")]
    [InlineData("c400", nameof(MessagePackReader.ReadString), "bin 8 (0xc4)")]
    [InlineData("a0", nameof(MessagePackReader.ReadBytes), "fixstr (0xa0)")]
    [InlineData("c0", nameof(MessagePackReader.ReadBytes), "nil (0xc0)")]
    [InlineData("80", nameof(MessagePackReader.ReadArrayHeader), "fixmap (0x80)")]
    [InlineData("dc0000", nameof(MessagePackReader.ReadMapHeader), "array 16 (0xdc)")]
    [InlineData("c2", nameof(MessagePackReader.ReadNil), "false (0xc2)")]
    [InlineData("c3", nameof(MessagePackReader.ReadExtensionFormat), "true (0xc3)")]
    [InlineData("d40500", nameof(MessagePackReader.ReadDateTime), "an extension of type 5")]
    [InlineData("d4ff00", nameof(MessagePackReader.ReadDateTime), "a timestamp of 1 bytes")]
    [InlineData("d7ffee6b280000000000", nameof(MessagePackReader.ReadDateTime), "a timestamp of 8 bytes")]
    [InlineData("c70cff3b9aca000000000000000000", nameof(MessagePackReader.ReadDateTime), "a timestamp of 12 bytes")]
    [InlineData("c70cff000000000000003afff44180", nameof(MessagePackReader.ReadDateTime), "253402300800 s since 1970")]
    [InlineData("c70cff00000000fffffff1886e08ff", nameof(MessagePackReader.ReadDateTime), "-62135596801 s since 1970")]
    [InlineData("c70cff000000007fffffffffffffff", nameof(MessagePackReader.ReadDateTime), "9223372036854775807 s since 1970")]
    public void Value_OfAnotherTypeOrRange_IsRefused(string hex, string method, string seen)
    {
        MessagePackException refusal = Assert.Throws<MessagePackException>(() => Call(method, Convert.FromHexString(hex)));

        Assert.Equal((0, seen), (refusal.Offset, refusal.Seen));
        Assert.NotEmpty(refusal.Expected);
    }

    [Theory]
    [InlineData(0x91, 1)]
    [InlineData(0x81, 2)]
    public void Nesting_IsReadToItsLimit_AndRefusedBeyond(byte header, int bytesPerLevel)
    {
        // Of a map it is the value that nests, behind a key of one byte.
        byte[] Nested(int depth)
        {
            byte[] bytes = new byte[(depth * bytesPerLevel) + 1];
            for (int level = 0; level < depth; level++)
            {
                bytes[level * bytesPerLevel] = header;
            }

            return bytes;
        }

        Values.Read(Nested(MessagePackReader.DepthMax), out int consumed);
        Assert.Equal((MessagePackReader.DepthMax * bytesPerLevel) + 1, consumed);
        Assert.Equal(consumed, Skip(Nested(MessagePackReader.DepthMax)));
        MessagePackException refusal = Assert.Throws<MessagePackException>(() => Skip(Nested(100_000)));
        Assert.Equal((MessagePackReader.DepthMax * bytesPerLevel, "at most 64 in one another"), (refusal.Offset, refusal.Expected));
    }

    [Fact]
    public void Headers_ThatPromiseMoreThanTheBytesHold_CostNoMemory()
    {
        // Each level alone could be kept by the bytes behind it; all of them together could not.
        byte[] bytes = new byte[100_000];
        for (int level = 0; level < MessagePackReader.DepthMax; level++)
        {
            Convert.FromHexString("dd00018000").CopyTo(bytes, level * 5);
        }

        Assert.Throws<MessagePackException>(() => Skip(bytes));
        long before = GC.GetAllocatedBytesForCurrentThread();
        MessagePackException refusal = Assert.Throws<MessagePackException>(() => Values.Read(bytes, out _));
        Assert.Equal(5, refusal.Offset);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (8 * 98_304) + 50_000);
    }

    [Fact]
    public void Nil_IsLeftWhereAnotherValueIsNext()
    {
        MessagePackReader reader = new([0xc0, 0x05, 0xc0, 0xc0]);

        Assert.True(reader.TryReadNil());
        Assert.False(reader.TryReadNil());
        Assert.Equal(1, reader.Consumed);
        Assert.Equal(5, reader.ReadInt32());
        Assert.Null(reader.ReadString());
        Assert.False(reader.TryReadStringSpan(out ReadOnlySpan<byte> utf8));
        Assert.True(utf8.IsEmpty);
        Assert.True(reader.End);
    }

    private static int Skip(byte[] bytes)
    {
        MessagePackReader reader = new(bytes);
        reader.Skip();
        return reader.Consumed;
    }

    private static void Call(string method, byte[] bytes)
    {
        MessagePackReader reader = new(bytes);
        switch (method)
        {
            case nameof(MessagePackReader.ReadNil):
                reader.ReadNil();
                break;
            case nameof(MessagePackReader.ReadBoolean):
                reader.ReadBoolean();
                break;
            case nameof(MessagePackReader.ReadInt32):
                reader.ReadInt32();
                break;
            case nameof(MessagePackReader.ReadInt64):
                reader.ReadInt64();
                break;
            case nameof(MessagePackReader.ReadUInt64):
                reader.ReadUInt64();
                break;
            case nameof(MessagePackReader.ReadSingle):
                reader.ReadSingle();
                break;
            case nameof(MessagePackReader.ReadDouble):
                reader.ReadDouble();
                break;
            case nameof(MessagePackReader.ReadString):
                reader.ReadString();
                break;
            case nameof(MessagePackReader.ReadBytes):
                reader.ReadBytes();
                break;
            case nameof(MessagePackReader.ReadArrayHeader):
                reader.ReadArrayHeader();
                break;
            case nameof(MessagePackReader.ReadMapHeader):
                reader.ReadMapHeader();
                break;
            case nameof(MessagePackReader.ReadExtensionFormat):
                reader.ReadExtensionFormat();
                break;
            case nameof(MessagePackReader.ReadDateTime):
                reader.ReadDateTime();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(method), method, "No such method.");
        }
    }
}
