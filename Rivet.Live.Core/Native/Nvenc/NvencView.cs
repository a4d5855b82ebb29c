using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Rivet.Live.Core.Native.Nvenc;

/// <summary>A struct's fields by their names, wherever the version at hand has them.</summary>
internal readonly struct NvencView
{
    private readonly NvencLayout _layouts;
    private readonly NvencStructLayout _layout;
    private readonly Memory<byte> _memory;

    public NvencView(NvencLayout layouts, NvencStructLayout layout, Memory<byte> memory)
    {
        _layouts = layouts;
        _layout = layout;
        _memory = memory[..layout.Size];
    }

    /// <summary>The names of its fields.</summary>
    public IEnumerable<string> Fields => _layout.Fields.Keys;

    /// <summary>False where this version's struct has no such field.</summary>
    public bool Has(string field) => _layout.Fields.ContainsKey(field);

    /// <exception cref="ArgumentOutOfRangeException">The field is too small for it.</exception>
    public void Set(string field, long value)
    {
        NvencField place = _layout[field];
        Span<byte> bytes = BytesOf(place);
        bool fits = place.IsBits ? value >= 0 && value < 1L << place.Bits : place.Bytes == 8 || (value >= 0 && value < 1L << (8 * place.Bytes));
        if (!fits)
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, $"{_layout.Name}.{field} cannot hold it.");
        }

        if (place.IsBits)
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, (word & ~place.Mask) | ((uint)value << place.Bit));
            return;
        }

        Span<byte> all = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(all, value);
        all[..place.Bytes].CopyTo(bytes);
    }

    public void Set(string field, Guid value) => MemoryMarshal.Write(BytesOf(_layout[field]), value);

    public long Get(string field)
    {
        NvencField place = _layout[field];
        Span<byte> all = stackalloc byte[sizeof(long)];
        all.Clear();
        BytesOf(place).CopyTo(all);
        long value = BinaryPrimitives.ReadInt64LittleEndian(all);
        return place.IsBits ? (value & place.Mask) >> place.Bit : value;
    }

    public Guid GetGuid(string field) => MemoryMarshal.Read<Guid>(BytesOf(_layout[field]));

    /// <summary>A struct inside this one; a field may be a union of several.</summary>
    public NvencView Inside(string field, string structName)
    {
        NvencField place = _layout[field];
        return new NvencView(_layouts, _layouts[structName], _memory.Slice(place.Offset, place.Bytes));
    }

    /// <summary>The bytes of a field that is an array or a small struct.</summary>
    public Span<byte> BytesOf(string field) => BytesOf(_layout[field]);

    /// <summary>Makes it the same as another of its kind.</summary>
    public void CopyFrom(NvencView other) => other._memory.Span.CopyTo(_memory.Span);

    private Span<byte> BytesOf(NvencField place) => _memory.Span.Slice(place.Offset, place.Bytes);
}
