using System.Runtime.InteropServices;

namespace Rivet.Live.Core.Native;

/// <summary><c>struct sched_attr</c> of sched_setattr(2), in its first size.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SchedAttr
{
    /// <summary>What <see cref="Size"/> has to say.</summary>
    public const uint Bytes = 48;

    public uint Size;
    public uint Policy;
    public ulong Flags;
    public int Nice;
    public uint Priority;

    /// <summary>Nanoseconds; for an ordinary thread the length of its time slices, 0 for the system's own.</summary>
    public ulong Runtime;

    public ulong Deadline;
    public ulong Period;
}
