using System.Buffers.Binary;

namespace Rivet.Live.Core.Boxes;

/// <summary>Writes boxes; nesting in the code that uses it is nesting in the file, and sizes are patched when a scope closes.</summary>
internal sealed class BoxWriter
{
    private readonly bool _grows;
    private Memory<byte> _bytes;

    /// <summary>Writes into memory of its own, which grows.</summary>
    public BoxWriter()
    {
        _bytes = new byte[1024];
        _grows = true;
    }

    /// <summary>Writes into memory whose size was worked out before.</summary>
    public BoxWriter(Memory<byte> destination) => _bytes = destination;

    /// <summary>Bytes written so far.</summary>
    public int Written { get; private set; }

    public ReadOnlyMemory<byte> WrittenMemory => _bytes[..Written];

    /// <summary>The version of a box whose times have 64 bits only where they need them.</summary>
    public static byte VersionFor(ulong time) => time > uint.MaxValue ? (byte)1 : (byte)0;

    /// <summary>Begins a box; disposing what comes back ends it.</summary>
    public BoxScope Open(BoxType type)
    {
        int start = Written;
        UInt32(0);
        UInt32(type.Code);
        return new BoxScope(this, start);
    }

    /// <summary>Begins a box that has a version and flags.</summary>
    public BoxScope OpenFull(BoxType type, byte version, uint flags)
    {
        BoxScope scope = Open(type);
        UInt32(((uint)version << 24) | flags);
        return scope;
    }

    public void UInt8(byte value) => Take(1)[0] = value;

    public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Take(2), value);

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);

    public void Int32(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(4), value);

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Take(8), value);

    /// <summary>A 64-bit field in version 1 of a box, a 32-bit one in version 0.</summary>
    public void UInt32Or64(byte version, ulong value)
    {
        if (version == 0)
        {
            UInt32(checked((uint)value));
        }
        else
        {
            UInt64(value);
        }
    }

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    public void Zeros(int count) => Take(count).Clear();

    /// <summary>The text in UTF-8 with a zero byte after it.</summary>
    public void ZeroTerminated(string text)
    {
        System.Text.Encoding.UTF8.GetBytes(text, Take(System.Text.Encoding.UTF8.GetByteCount(text)));
        UInt8(0);
    }

    /// <summary>The 3 × 3 matrix of mvhd and tkhd that changes nothing.</summary>
    public void UnityMatrix()
    {
        ReadOnlySpan<uint> matrix = [0x00010000, 0, 0, 0, 0x00010000, 0, 0, 0, 0x40000000];
        foreach (uint cell in matrix)
        {
            UInt32(cell);
        }
    }

    internal void Close(int start) => BinaryPrimitives.WriteInt32BigEndian(_bytes.Span[start..], Written - start);

    private Span<byte> Take(int count)
    {
        if (count > _bytes.Length - Written)
        {
            if (!_grows)
            {
                throw new InvalidOperationException(
                    $"A box writer over {_bytes.Length} bytes was asked for {count} more after {Written}: its caller worked the " +
                    "size out wrongly.");
            }

            Memory<byte> larger = new byte[Math.Max(_bytes.Length * 2, Written + count)];
            _bytes[..Written].CopyTo(larger);
            _bytes = larger;
        }

        Span<byte> taken = _bytes.Span.Slice(Written, count);
        Written += count;
        return taken;
    }
}
