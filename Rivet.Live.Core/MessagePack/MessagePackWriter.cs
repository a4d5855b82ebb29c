using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Rivet.Live.Core.MessagePack;

/// <summary>Writes values one after another, each in the shortest format of its type. A value is in the output once its method returns.</summary>
/// <remarks>
/// Named as MessagePack-CSharp's writer. What was promised is the caller's to keep: as many values behind a header as it says.
/// </remarks>
internal readonly ref struct MessagePackWriter(IBufferWriter<byte> output)
{
    private const int FixStrMax = 31;
    private const int FixCountMax = 15;

    /// <summary>Throws for a lone surrogate, where the framework's own would send a replacement character.</summary>
    private static readonly UTF8Encoding Utf8Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public void WriteNil() => Put(MessagePackCode.Nil);

    public void Write(bool value) => Put(value ? MessagePackCode.True : MessagePackCode.False);

    public void Write(long value)
    {
        switch (value)
        {
            case >= 0:
                Write((ulong)value);
                break;
            case >= (sbyte)(MessagePackCode.MinNegativeFixInt - 256):
                Put((byte)value);
                break;
            case >= sbyte.MinValue:
                Put(MessagePackCode.Int8, (byte)value);
                break;
            case >= short.MinValue:
                Put(MessagePackCode.Int16, (ushort)value);
                break;
            case >= int.MinValue:
                Put(MessagePackCode.Int32, (uint)value);
                break;
            default:
                Put(MessagePackCode.Int64, (ulong)value);
                break;
        }
    }

    public void Write(ulong value)
    {
        switch (value)
        {
            case <= MessagePackCode.MaxFixInt:
                Put((byte)value);
                break;
            case <= byte.MaxValue:
                Put(MessagePackCode.UInt8, (byte)value);
                break;
            case <= ushort.MaxValue:
                Put(MessagePackCode.UInt16, (ushort)value);
                break;
            case <= uint.MaxValue:
                Put(MessagePackCode.UInt32, (uint)value);
                break;
            default:
                Put(MessagePackCode.UInt64, value);
                break;
        }
    }

    public void Write(float value) => Put(MessagePackCode.Float32, BitConverter.SingleToUInt32Bits(value));

    /// <summary>Always 64 bits: a reader's type does not change with the value.</summary>
    public void Write(double value) => Put(MessagePackCode.Float64, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>A text, or nil for null.</summary>
    public void Write(string? value)
    {
        if (value is null)
        {
            WriteNil();
            return;
        }

        int length = Utf8Strict.GetByteCount(value);
        WriteStringHeader(length);
        Utf8Strict.GetBytes(value, output.GetSpan(length));
        output.Advance(length);
    }

    /// <summary>Bytes, as bin. A text in UTF-8 is <see cref="WriteString"/>'s.</summary>
    public void Write(ReadOnlySpan<byte> value)
    {
        WriteBinHeader(value.Length);
        WriteRaw(value);
    }

    /// <summary>A moment in UTC, as the timestamp extension.</summary>
    public void Write(DateTime value)
    {
        Span<byte> data = stackalloc byte[MessagePackTimestamp.LengthMax];
        int length = MessagePackTimestamp.Of(value).Write(data);
        WriteExtensionFormat(new ExtensionResult(MessagePackTimestamp.TypeCode, data[..length]));
    }

    /// <summary>A text that is in UTF-8 already.</summary>
    public void WriteString(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw new ArgumentException("The text is not in UTF-8.", nameof(utf8));
        }

        WriteStringHeader(utf8.Length);
        WriteRaw(utf8);
    }

    /// <summary>Begins an array; its values follow.</summary>
    public void WriteArrayHeader(int count) =>
        PutHeader(count, FixCountMax, MessagePackCode.MinFixArray, code8: null, MessagePackCode.Array16, MessagePackCode.Array32);

    /// <summary>Begins a map; a key and a value follow, as often as the count says.</summary>
    public void WriteMapHeader(int count) =>
        PutHeader(count, FixCountMax, MessagePackCode.MinFixMap, code8: null, MessagePackCode.Map16, MessagePackCode.Map32);

    /// <summary>Begins bytes that follow through <see cref="WriteRaw"/>.</summary>
    public void WriteBinHeader(int length) =>
        PutHeader(length, fixMax: -1, fixCode: 0, MessagePackCode.Bin8, MessagePackCode.Bin16, MessagePackCode.Bin32);

    public void WriteExtensionFormat(ExtensionResult extension)
    {
        switch (extension.Data.Length)
        {
            case 1:
                Put(MessagePackCode.FixExt1);
                break;
            case 2:
                Put(MessagePackCode.FixExt2);
                break;
            case 4:
                Put(MessagePackCode.FixExt4);
                break;
            case 8:
                Put(MessagePackCode.FixExt8);
                break;
            case 16:
                Put(MessagePackCode.FixExt16);
                break;
            case int length:
                PutHeader(length, fixMax: -1, fixCode: 0, MessagePackCode.Ext8, MessagePackCode.Ext16, MessagePackCode.Ext32);
                break;
        }

        Put((byte)extension.TypeCode);
        WriteRaw(extension.Data);
    }

    /// <summary>Bytes as they are: what a header announced, or values that are MessagePack already.</summary>
    public void WriteRaw(ReadOnlySpan<byte> bytes) => output.Write(bytes);

    private void WriteStringHeader(int length) =>
        PutHeader(length, FixStrMax, MessagePackCode.MinFixStr, MessagePackCode.Str8, MessagePackCode.Str16, MessagePackCode.Str32);

    /// <param name="fixMax">The longest that its first byte alone can say; -1 for none.</param>
    /// <param name="code8">The format with 8 bits of length, where there is one.</param>
    private void PutHeader(int length, int fixMax, byte fixCode, byte? code8, byte code16, byte code32)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length <= fixMax)
        {
            Put((byte)(fixCode + length));
        }
        else if (length <= byte.MaxValue && code8 is { } code)
        {
            Put(code, (byte)length);
        }
        else if (length <= ushort.MaxValue)
        {
            Put(code16, (ushort)length);
        }
        else
        {
            Put(code32, (uint)length);
        }
    }

    private void Put(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    private void Put(byte code, byte value)
    {
        Span<byte> bytes = output.GetSpan(2);
        bytes[0] = code;
        bytes[1] = value;
        output.Advance(2);
    }

    private void Put(byte code, ushort value)
    {
        Span<byte> bytes = output.GetSpan(3);
        bytes[0] = code;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[1..], value);
        output.Advance(3);
    }

    private void Put(byte code, uint value)
    {
        Span<byte> bytes = output.GetSpan(5);
        bytes[0] = code;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[1..], value);
        output.Advance(5);
    }

    private void Put(byte code, ulong value)
    {
        Span<byte> bytes = output.GetSpan(9);
        bytes[0] = code;
        BinaryPrimitives.WriteUInt64BigEndian(bytes[1..], value);
        output.Advance(9);
    }
}
