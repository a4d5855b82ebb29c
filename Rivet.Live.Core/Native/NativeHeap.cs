namespace Rivet.Live.Core.Native;

/// <summary>The memory that native code allocates for itself.</summary>
internal static class NativeHeap
{
    /// <summary>
    /// Gives freed memory back to the system. glibc keeps it per thread that allocated, and the next ladder's threads are others: without
    /// this every broadcast that ends leaves tens of megabytes behind. Does nothing where the C library has no such call.
    /// </summary>
    public static void Trim()
    {
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
