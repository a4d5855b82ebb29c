using System.Buffers;
using Rivet.Live.Core.MessagePack;
using Xunit;

namespace Rivet.Live.Tests.MessagePack;

/// <summary>The formats of the specification, byte by byte, at both ends of what each can hold.</summary>
public sealed class FormatTests
{
    [Theory]
    [InlineData(0L, "00")]
    [InlineData(127L, "7f")]
    [InlineData(128L, "cc80")]
    [InlineData(255L, "ccff")]
    [InlineData(256L, "cd0100")]
    [InlineData(65535L, "cdffff")]
    [InlineData(65536L, "ce00010000")]
    [InlineData(4294967295L, "ceffffffff")]
    [InlineData(4294967296L, "cf0000000100000000")]
    [InlineData(long.MaxValue, "cf7fffffffffffffff")]
    [InlineData(ulong.MaxValue, "cfffffffffffffffff")]
    [InlineData(-1L, "ff")]
    [InlineData(-32L, "e0")]
    [InlineData(-33L, "d0df")]
    [InlineData(-128L, "d080")]
    [InlineData(-129L, "d1ff7f")]
    [InlineData(-32768L, "d18000")]
    [InlineData(-32769L, "d2ffff7fff")]
    [InlineData(-2147483648L, "d280000000")]
    [InlineData(-2147483649L, "d3ffffffff7fffffff")]
    [InlineData(long.MinValue, "d38000000000000000")]
    [InlineData(null, "c0")]
    [InlineData(false, "c2")]
    [InlineData(true, "c3")]
    [InlineData(1.5f, "ca3fc00000")]
    [InlineData(float.NegativeInfinity, "caff800000")]
    [InlineData(1.5, "cb3ff8000000000000")]
    [InlineData(2.0, "cb4000000000000000")]
    [InlineData(-0.0, "cb8000000000000000")]
    [InlineData(double.NaN, "cbfff8000000000000")]
    [InlineData("", "a0")]
    [InlineData("a", "a161")]
    [InlineData("Grüße, 🎬", "ad4772c3bcc39f652c20f09f8eac")]
    public void Scalar_IsWrittenShortest_AndReadBack(object? value, string hex)
    {
        Assert.Equal(hex, Convert.ToHexStringLower(Values.Written(value)));
        Assert.Equal(value, Values.Read(Convert.FromHexString(hex), out int consumed));
        Assert.Equal(hex.Length / 2, consumed);
    }

    [Theory]
    [InlineData("d000", 0)]
    [InlineData("cc05", 5)]
    [InlineData("cd0005", 5)]
    [InlineData("ce00000005", 5)]
    [InlineData("cf0000000000000005", 5)]
    [InlineData("d0fb", -5)]
    [InlineData("d1fffb", -5)]
    [InlineData("d2fffffffb", -5)]
    [InlineData("d3fffffffffffffffb", -5)]
    public void Integer_InALongerFormatThanItNeeds_IsReadAllTheSame(string hex, int value)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Assert.Equal(value, new MessagePackReader(bytes).ReadInt32());
        Assert.Equal(value, new MessagePackReader(bytes).ReadInt64());
        Assert.Equal(value, new MessagePackReader(bytes).ReadDouble());
        if (value >= 0)
        {
            Assert.Equal((ulong)value, new MessagePackReader(bytes).ReadUInt64());
        }
    }

    [Theory]
    [InlineData(31, "bf")]
    [InlineData(32, "d920")]
    [InlineData(255, "d9ff")]
    [InlineData(256, "da0100")]
    [InlineData(65535, "daffff")]
    [InlineData(65536, "db00010000")]
    public void String_HasTheHeaderOfItsLength(int length, string header) => RoundTrip(new string('a', length), header, length);

    [Theory]
    [InlineData(0, "c400")]
    [InlineData(255, "c4ff")]
    [InlineData(256, "c50100")]
    [InlineData(65535, "c5ffff")]
    [InlineData(65536, "c600010000")]
    public void Bytes_HaveTheHeaderOfTheirLength(int length, string header) => RoundTrip(new byte[length], header, length);

    [Theory]
    [InlineData(0, "c70005")]
    [InlineData(1, "d405")]
    [InlineData(2, "d505")]
    [InlineData(3, "c70305")]
    [InlineData(4, "d605")]
    [InlineData(8, "d705")]
    [InlineData(16, "d805")]
    [InlineData(17, "c71105")]
    [InlineData(255, "c7ff05")]
    [InlineData(256, "c8010005")]
    [InlineData(65535, "c8ffff05")]
    [InlineData(65536, "c90001000005")]
    public void Extension_HasTheHeaderOfItsLength(int length, string header)
    {
        byte[] bytes = Values.Written(new Extension(5, new byte[length]));

        Assert.Equal(header, Convert.ToHexStringLower(bytes.AsSpan(0, header.Length / 2)));
        Extension read = Assert.IsType<Extension>(Values.Read(bytes, out int consumed));
        Assert.Equal(((sbyte)5, length, bytes.Length), (read.TypeCode, read.Data.Length, consumed));
    }

    [Theory]
    [InlineData(0, "90")]
    [InlineData(15, "9f")]
    [InlineData(16, "dc0010")]
    [InlineData(65535, "dcffff")]
    [InlineData(65536, "dd00010000")]
    public void Array_HasTheHeaderOfItsCount(int count, string header) => RoundTrip(new List<object?>(Enumerable.Repeat<object?>(null, count)), header, count);

    [Theory]
    [InlineData(0, "80")]
    [InlineData(15, "8f")]
    [InlineData(16, "de0010")]
    [InlineData(65535, "deffff")]
    [InlineData(65536, "df00010000")]
    public void Map_HasTheHeaderOfItsCount(int count, string header) =>
        RoundTrip(new List<KeyValuePair<object, object?>>(Enumerable.Repeat(KeyValuePair.Create<object, object?>(1L, null), count)), header, 2 * count);

    [Theory]
    [InlineData("1970-01-01T00:00:00Z", "d6ff00000000")]
    [InlineData("2026-01-31T18:00:00Z", "d6ff697e4320")]
    [InlineData("2106-02-07T06:28:15Z", "d6ffffffffff")]
    [InlineData("2106-02-07T06:28:16Z", "d7ff0000000100000000")]
    [InlineData("1970-01-01T00:00:00.0000001Z", "d7ff0000019000000000")]
    [InlineData("2514-05-30T01:53:03.9999999Z", "d7ffee6b2673ffffffff")]
    [InlineData("2514-05-30T01:53:04Z", "c70cff000000000000000400000000")]
    [InlineData("1969-12-31T23:59:59.5Z", "c70cff1dcd6500ffffffffffffffff")]
    [InlineData("0001-01-01T00:00:00Z", "c70cff00000000fffffff1886e0900")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "c70cff3b9ac99c0000003afff4417f")]
    public void Timestamp_IsTheShortestOfItsThreeForms(string moment, string hex)
    {
        DateTime utc = DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime;

        Assert.Equal(hex, Convert.ToHexStringLower(Values.Written(utc)));
        DateTime read = new MessagePackReader(Convert.FromHexString(hex)).ReadDateTime();
        Assert.Equal((utc, DateTimeKind.Utc), (read, read.Kind));
    }

    [Fact]
    public void Writer_GivenWhatMessagePackCannotSay_RefusesAndWritesNothing()
    {
        ArrayBufferWriter<byte> output = new();

        Assert.ThrowsAny<ArgumentException>(() => new MessagePackWriter(output).Write("lone \ud800 surrogate"));
        Assert.ThrowsAny<ArgumentException>(() => new MessagePackWriter(output).WriteString([0xff]));
        Assert.ThrowsAny<ArgumentException>(() => new MessagePackWriter(output).WriteArrayHeader(-1));
        Assert.ThrowsAny<ArgumentException>(() => new MessagePackWriter(output).WriteMapHeader(-1));
        Assert.ThrowsAny<ArgumentException>(() => new MessagePackWriter(output).Write(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Unspecified)));
        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public void Writer_WithRawPieces_WritesWhatOneCallWould()
    {
        ArrayBufferWriter<byte> output = new();
        MessagePackWriter writer = new(output);
        writer.WriteArrayHeader(3);
        writer.WriteString("é"u8);
        writer.WriteBinHeader(3);
        writer.WriteRaw([1]);
        writer.WriteRaw([2, 3]);
        writer.Write((string?)null);

        Assert.Equal("93a2c3a9c403010203c0", Convert.ToHexStringLower(output.WrittenSpan));
    }

    private static void RoundTrip<T>(T value, string header, int bodyBytes)
    {
        byte[] bytes = Values.Written(value);

        Assert.Equal(header, Convert.ToHexStringLower(bytes.AsSpan(0, header.Length / 2)));
        Assert.Equal((header.Length / 2) + bodyBytes, bytes.Length);
        Assert.Equal(value, Assert.IsType<T>(Values.Read(bytes, out int consumed)));
        Assert.Equal(bytes.Length, consumed);
    }
}
