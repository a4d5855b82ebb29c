using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Rivet.Live.Core.Native;

/// <summary>What the operating system is told about this process.</summary>
internal static class NativeProcess
{
    /// <summary>
    /// The system kills this process when the thread that started it ends, and with it the process of that thread. Also where this process is
    /// stopped or hangs and could not notice. Does nothing where the system has no such thing.
    /// </summary>
    public static void EndWithParent()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = LibC.prctl(LibC.PR_SET_PDEATHSIG, LibC.SIGKILL, 0, 0, 0);
        }
    }

    /// <summary>Lets standard input and output hold a keyframe each, where they are pipes: whoever writes one need not wait until half of it is read. Nothing depends on it.</summary>
    public static void WidenPipes()
    {
        if (OperatingSystem.IsLinux())
        {
            // What any user may ask for without privileges; ordinary pipes hold 64 KiB.
            const nint bytes = 1 << 20;
            _ = LibC.fcntl(LibC.STDIN_FILENO, LibC.F_SETPIPE_SZ, bytes);
            _ = LibC.fcntl(LibC.STDOUT_FILENO, LibC.F_SETPIPE_SZ, bytes);
        }
    }

    /// <summary>Takes standard output for ourselves: what libraries print goes to standard error from now on.</summary>
    /// <exception cref="IOException">The system does not let go of it.</exception>
    public static SafeFileHandle TakeStandardOutput()
    {
        int own = LibC.dup(LibC.STDOUT_FILENO);
        if (own < 0 || LibC.dup2(LibC.STDERR_FILENO, LibC.STDOUT_FILENO) < 0)
        {
            throw new IOException($"Standard output cannot be taken: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        return new SafeFileHandle(own, ownsHandle: true);
    }
}
