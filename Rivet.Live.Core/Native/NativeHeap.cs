namespace Rivet.Live.Core.Native;

/// <summary>The memory that native code allocates for itself.</summary>
internal static class NativeHeap
{
    /// <summary>
    /// Gives freed memory back to the system. glibc keeps it per thread that allocated, and the next ladder's threads are others, so
    /// that what one broadcast leaves need not serve the next. Does nothing where the C library has no such call.
    /// </summary>
    public static void Trim()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = LibC.malloc_trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // By design: musl and the others return memory by themselves.
        }
    }
}
