using System.Buffers;
using System.Buffers.Binary;

namespace Rivet.Live.Core.Boxes;

/// <summary>Reads big-endian fields one after another. Past the end every field is 0 and <see cref="Status"/> says so.</summary>
/// <remarks>The answer sticks, so a box reads all its fields in a row and returns <see cref="Status"/> once.</remarks>
internal ref struct FieldReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether every field asked for so far was there.</summary>
    public OperationStatus Status { get; private set; } = OperationStatus.Done;

    public readonly int Remaining => _rest.Length;

    /// <summary>Begins a box that has a version and flags. ISO/IEC 14496-12 §4.2.2.</summary>
    public static FieldReader OfFullBox(ReadOnlySpan<byte> payload, out byte version, out uint flags)
    {
        FieldReader fields = new(payload);
        uint both = fields.UInt32();
        version = (byte)(both >> 24);
        flags = both & 0xFFFFFF;
        return fields;
    }

    /// <summary>The next bytes as they are; empty where they are not all there.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            _rest = default;
            Status = OperationStatus.NeedMoreData;
            return default;
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public void Skip(int count) => Take(count);

    public byte UInt8() => Take(1) is { IsEmpty: false } bytes ? bytes[0] : (byte)0;

    public ushort UInt16() => Take(2) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : (ushort)0;

    public short Int16() => (short)UInt16();

    public uint UInt32() => Take(4) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;

    public int Int32() => (int)UInt32();

    public ulong UInt64() => Take(8) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;

    public long Int64() => (long)UInt64();

    /// <summary>UTF-8 up to a zero byte, which is taken too.</summary>
    public string ZeroTerminated()
    {
        int length = _rest.IndexOf((byte)0);
        ReadOnlySpan<byte> text = Take(length < 0 ? int.MaxValue : length);
        Skip(length < 0 ? 0 : 1);
        return System.Text.Encoding.UTF8.GetString(text);
    }

    /// <summary>A 64-bit field in version 1 of a box, a 32-bit one in version 0.</summary>
    public ulong UInt32Or64(byte version) => version == 0 ? UInt32() : UInt64();
}
