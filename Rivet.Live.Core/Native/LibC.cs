using System.Runtime.InteropServices;

namespace Rivet.Live.Core.Native;

/// <summary>The functions of the C library that we call.</summary>
internal static partial class LibC
{
    public const int PRIO_PROCESS = 0;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int setpriority(int which, uint who, int priority);

    /// <summary>glibc's own; other C libraries have no such function.</summary>
    [LibraryImport("libc")]
    internal static partial int malloc_trim(nuint pad);
}
