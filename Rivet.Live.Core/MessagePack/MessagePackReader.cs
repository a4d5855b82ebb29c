using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace Rivet.Live.Core.MessagePack;

/// <summary>
/// Reads values one after another, in any format that their type has. Whatever is not there or not as asked for is a
/// <see cref="MessagePackException"/>, after which the reader is of no more use.
/// </summary>
/// <remarks>
/// Named as MessagePack-CSharp's reader. It keeps count of the values that open arrays and maps still owe, so that no header is believed
/// which the bytes behind it cannot keep: who allocates what headers announce allocates no more values than there are bytes.
/// </remarks>
internal ref struct MessagePackReader(ReadOnlySpan<byte> bytes)
{
    /// <summary>Arrays and maps in one another; System.Text.Json stops at as many. Stats have five.</summary>
    public const int DepthMax = 64;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private OpenValues _open;
    private int _depth;
    private int _owed;

    /// <summary>Bytes read so far: where the next value begins.</summary>
    public int Consumed { get; private set; }

    public readonly bool End => Consumed == _bytes.Length;

    /// <summary>The next value's first byte.</summary>
    public readonly byte NextCode => End ? throw new MessagePackException(Consumed, "the end", "a value") : _bytes[Consumed];

    public readonly MessagePackType NextMessagePackType => MessagePackCode.ToMessagePackType(NextCode);

    /// <summary>Reads a nil, where one is next.</summary>
    /// <returns>False, and nothing is read, where there is another value.</returns>
    public bool TryReadNil()
    {
        if (NextCode != MessagePackCode.Nil)
        {
            return false;
        }

        Take(1, "nil");
        Enter(0);
        return true;
    }

    public void ReadNil()
    {
        if (!TryReadNil())
        {
            throw Unexpected(Consumed, "nil");
        }
    }

    public bool ReadBoolean()
    {
        int start = Consumed;
        bool value = Take(1, "a boolean")[0] switch
        {
            MessagePackCode.False => false,
            MessagePackCode.True => true,
            _ => throw Unexpected(start, "a boolean"),
        };
        Enter(0);
        return value;
    }

    public int ReadInt32() => (int)ReadInteger(int.MinValue, int.MaxValue, "an integer of 32 bits");

    public long ReadInt64() => (long)ReadInteger(long.MinValue, long.MaxValue, "an integer of 64 bits");

    public ulong ReadUInt64() => (ulong)ReadInteger(0, ulong.MaxValue, "an integer from 0");

    /// <summary>A float 32. What may be wider is <see cref="ReadDouble"/>'s.</summary>
    public float ReadSingle()
    {
        int start = Consumed;
        if (Take(1, "a float 32")[0] != MessagePackCode.Float32)
        {
            throw Unexpected(start, "a float 32");
        }

        float value = BinaryPrimitives.ReadSingleBigEndian(Take(4, "a float 32"));
        Enter(0);
        return value;
    }

    /// <summary>A number; an integer too, since JavaScript's writers send whole numbers as such.</summary>
    public double ReadDouble()
    {
        if (NextMessagePackType == MessagePackType.Integer)
        {
            return (double)ReadInteger(long.MinValue, ulong.MaxValue, "a number");
        }

        int start = Consumed;
        double value = Take(1, "a number")[0] switch
        {
            MessagePackCode.Float32 => BinaryPrimitives.ReadSingleBigEndian(Take(4, "a float 32")),
            MessagePackCode.Float64 => BinaryPrimitives.ReadDoubleBigEndian(Take(8, "a float 64")),
            _ => throw Unexpected(start, "a number"),
        };
        Enter(0);
        return value;
    }

    /// <summary>A text; null for nil.</summary>
    public string? ReadString() => TryReadStringSpan(out ReadOnlySpan<byte> utf8) ? System.Text.Encoding.UTF8.GetString(utf8) : null;

    /// <summary>A text as its bytes, which are UTF-8.</summary>
    /// <returns>False for nil, which is read.</returns>
    public bool TryReadStringSpan(out ReadOnlySpan<byte> utf8)
    {
        utf8 = default;
        if (TryReadNil())
        {
            return false;
        }

        int start = Consumed;
        byte code = Take(1, "a string")[0];
        uint length = code switch
        {
            >= MessagePackCode.MinFixStr and <= MessagePackCode.MaxFixStr => (uint)(code - MessagePackCode.MinFixStr),
            MessagePackCode.Str8 => TakeUInt8("a string"),
            MessagePackCode.Str16 => TakeUInt16("a string"),
            MessagePackCode.Str32 => TakeUInt32("a string"),
            _ => throw Unexpected(start, "a string"),
        };
        utf8 = Take(length, "a string");
        if (!Utf8.IsValid(utf8))
        {
            throw new MessagePackException(start, "a string that is not UTF-8", "a string");
        }

        Enter(0);
        return true;
    }

    /// <summary>Bytes of the input itself; nil is not among them.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        int start = Consumed;
        uint length = Take(1, "bytes")[0] switch
        {
            MessagePackCode.Bin8 => TakeUInt8("bytes"),
            MessagePackCode.Bin16 => TakeUInt16("bytes"),
            MessagePackCode.Bin32 => TakeUInt32("bytes"),
            _ => throw Unexpected(start, "bytes"),
        };
        ReadOnlySpan<byte> value = Take(length, "bytes");
        Enter(0);
        return value;
    }

    /// <summary>Any extension, the specification's timestamp too.</summary>
    public ExtensionResult ReadExtensionFormat()
    {
        int start = Consumed;
        uint length = Take(1, "an extension")[0] switch
        {
            MessagePackCode.FixExt1 => 1,
            MessagePackCode.FixExt2 => 2,
            MessagePackCode.FixExt4 => 4,
            MessagePackCode.FixExt8 => 8,
            MessagePackCode.FixExt16 => 16,
            MessagePackCode.Ext8 => TakeUInt8("an extension"),
            MessagePackCode.Ext16 => TakeUInt16("an extension"),
            MessagePackCode.Ext32 => TakeUInt32("an extension"),
            _ => throw Unexpected(start, "an extension"),
        };
        sbyte typeCode = (sbyte)TakeUInt8("an extension");
        ExtensionResult extension = new(typeCode, Take(length, "an extension"));
        Enter(0);
        return extension;
    }

    /// <summary>A timestamp, in UTC and to 100 ns.</summary>
    public DateTime ReadDateTime()
    {
        int start = Consumed;
        ExtensionResult extension = ReadExtensionFormat();
        if (extension.TypeCode != MessagePackTimestamp.TypeCode)
        {
            throw new MessagePackException(start, $"an extension of type {extension.TypeCode}", "a timestamp");
        }

        if (MessagePackTimestamp.Read(extension.Data) is not { } timestamp)
        {
            throw new MessagePackException(
                start, $"a timestamp of {extension.Data.Length} bytes", "one of 4, 8 or 12 bytes with less than 1,000,000,000 ns");
        }

        return timestamp.ToDateTime()
            ?? throw new MessagePackException(start, $"{timestamp.Seconds} s since 1970", "a moment of the years 1 to 9999");
    }

    /// <returns>How many values follow.</returns>
    public int ReadArrayHeader()
    {
        int start = Consumed;
        byte code = Take(1, "an array")[0];
        uint count = code switch
        {
            >= MessagePackCode.MinFixArray and <= MessagePackCode.MaxFixArray => (uint)(code - MessagePackCode.MinFixArray),
            MessagePackCode.Array16 => TakeUInt16("an array"),
            MessagePackCode.Array32 => TakeUInt32("an array"),
            _ => throw Unexpected(start, "an array"),
        };
        return Open(start, count, valuesEach: 1);
    }

    /// <returns>How many keys follow, each with a value behind it.</returns>
    public int ReadMapHeader()
    {
        int start = Consumed;
        byte code = Take(1, "a map")[0];
        uint count = code switch
        {
            >= MessagePackCode.MinFixMap and <= MessagePackCode.MaxFixMap => (uint)(code - MessagePackCode.MinFixMap),
            MessagePackCode.Map16 => TakeUInt16("a map"),
            MessagePackCode.Map32 => TakeUInt32("a map"),
            _ => throw Unexpected(start, "a map"),
        };
        return Open(start, count, valuesEach: 2);
    }

    /// <summary>Passes over the next value with all that is in it, as strict as if it were read.</summary>
    public void Skip()
    {
        int depth = _depth;
        do
        {
            SkipOne();
        }
        while (_depth > depth);
    }

    private void SkipOne()
    {
        switch (NextMessagePackType)
        {
            case MessagePackType.Integer:
            case MessagePackType.Float:
                ReadDouble();
                break;
            case MessagePackType.Nil:
                ReadNil();
                break;
            case MessagePackType.Boolean:
                ReadBoolean();
                break;
            case MessagePackType.String:
                TryReadStringSpan(out _);
                break;
            case MessagePackType.Binary:
                ReadBytes();
                break;
            case MessagePackType.Array:
                ReadArrayHeader();
                break;
            case MessagePackType.Map:
                ReadMapHeader();
                break;
            case MessagePackType.Extension:
                ReadExtensionFormat();
                break;
            case MessagePackType.Unknown:
                throw Unexpected(Consumed, "a value");
        }
    }

    private Int128 ReadInteger(Int128 min, Int128 max, string expected)
    {
        int start = Consumed;
        byte code = Take(1, expected)[0];
        Int128 value = code switch
        {
            <= MessagePackCode.MaxFixInt => code,
            >= MessagePackCode.MinNegativeFixInt => (sbyte)code,
            MessagePackCode.UInt8 => TakeUInt8(expected),
            MessagePackCode.UInt16 => TakeUInt16(expected),
            MessagePackCode.UInt32 => TakeUInt32(expected),
            MessagePackCode.UInt64 => TakeUInt64(expected),
            MessagePackCode.Int8 => (sbyte)TakeUInt8(expected),
            MessagePackCode.Int16 => (short)TakeUInt16(expected),
            MessagePackCode.Int32 => (int)TakeUInt32(expected),
            MessagePackCode.Int64 => (long)TakeUInt64(expected),
            _ => throw Unexpected(start, expected),
        };
        if (value < min || value > max)
        {
            throw new MessagePackException(start, value.ToString(CultureInfo.InvariantCulture), expected);
        }

        Enter(0);
        return value;
    }

    /// <summary>Believes an array or a map whose values can be there.</summary>
    private int Open(int start, uint count, int valuesEach)
    {
        // The value itself is one of those owed by what it is in.
        int owedBehind = _owed - (_depth > 0 ? 1 : 0);
        long values = (long)count * valuesEach;
        if (values > _bytes.Length - Consumed - owedBehind)
        {
            throw new MessagePackException(
                start,
                $"a header that announces {values} values where {owedBehind} more are owed, and {_bytes.Length - Consumed} bytes",
                "at least a byte for each value");
        }

        if (values > 0 && _depth == DepthMax)
        {
            throw new MessagePackException(start, $"an array or map inside {DepthMax} others", $"at most {DepthMax} in one another");
        }

        Enter((int)values);
        return (int)count;
    }

    /// <summary>Counts a value that has been read, and closes what it was the last of.</summary>
    /// <param name="values">How many values follow inside it.</param>
    private void Enter(int values)
    {
        if (_depth > 0)
        {
            _open[_depth - 1]--;
            _owed--;
        }

        if (values > 0)
        {
            _open[_depth++] = values;
            _owed += values;
            return;
        }

        while (_depth > 0 && _open[_depth - 1] == 0)
        {
            _depth--;
        }
    }

    private ReadOnlySpan<byte> Take(uint count, string expected)
    {
        if (count > (uint)(_bytes.Length - Consumed))
        {
            throw new MessagePackException(Consumed, $"{_bytes.Length - Consumed} bytes to the end", $"{count} of {expected}");
        }

        ReadOnlySpan<byte> taken = _bytes.Slice(Consumed, (int)count);
        Consumed += (int)count;
        return taken;
    }

    private byte TakeUInt8(string expected) => Take(1, expected)[0];

    private ushort TakeUInt16(string expected) => BinaryPrimitives.ReadUInt16BigEndian(Take(2, expected));

    private uint TakeUInt32(string expected) => BinaryPrimitives.ReadUInt32BigEndian(Take(4, expected));

    private ulong TakeUInt64(string expected) => BinaryPrimitives.ReadUInt64BigEndian(Take(8, expected));

    private readonly MessagePackException Unexpected(int start, string expected) =>
        new(start, $"{MessagePackCode.ToFormatName(_bytes[start])} (0x{_bytes[start]:x2})", expected);

    /// <summary>For each open array or map, how many of its values have not been read.</summary>
    [InlineArray(DepthMax)]
    private struct OpenValues
    {
        private int _first;
    }
}
