using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rivet.Live.Core.Native.Nvenc;

/// <summary>One of NVENC's structs in memory that does not move: zeroed, and stamped with its version word. Whoever calls with it keeps it alive.</summary>
internal sealed unsafe class NvencBlock
{
    private readonly NvencStructLayout _layout;
    private readonly byte[] _memory;

    internal NvencBlock(NvencLayout layouts, NvencStructLayout layout)
    {
        _layout = layout;
        _memory = GC.AllocateArray<byte>(layout.Size, pinned: true);
        View = new NvencView(layouts, layout, _memory);
        Clear();
    }

    /// <summary>Its fields.</summary>
    public NvencView View { get; }

    /// <summary>Its first byte; good as long as this object lives.</summary>
    public nint Pointer => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));

    /// <summary>Makes it as new: reserved bytes must be zero in every call.</summary>
    public void Clear()
    {
        Array.Clear(_memory);
        if (_layout.VersionWord != 0)
        {
            View.Set("version", _layout.VersionWord);
        }
    }
}
