using System.Runtime.InteropServices;

namespace Rivet.Live.Core.Native;

/// <summary>The functions of the C library that we call.</summary>
internal static partial class LibC
{
    public const int PRIO_PROCESS = 0;
    public const int PR_SET_PDEATHSIG = 1;
    public const int SIGKILL = 9;
    public const int F_GETFL = 3;
    public const int F_SETFL = 4;
    public const int F_SETPIPE_SZ = 1031;
    public const int O_NONBLOCK = 0x800;
    public const int EINTR = 4;
    public const int EAGAIN = 11;
    public const short POLLOUT = 4;
    public const int STDIN_FILENO = 0;
    public const int STDOUT_FILENO = 1;
    public const int STDERR_FILENO = 2;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int setpriority(int which, uint who, int priority);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int getpriority(int which, uint who);

    /// <summary>The system call <c>sched_setattr</c>, for which older C libraries have no function.</summary>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint sched_setattr(nint number, nint pid, in SchedAttr attr, nint flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int prctl(int option, nuint arg2, nuint arg3, nuint arg4, nuint arg5);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int fcntl(int fd, int command, nint argument);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint write(int fd, ReadOnlySpan<byte> bytes, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int poll(ref PollEntry entries, nuint count, int timeout);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int dup(int fd);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int dup2(int fd, int fd2);

    [LibraryImport("libc")]
    internal static partial int usleep(uint microseconds);

    /// <summary>glibc's own; other C libraries have no such function.</summary>
    [LibraryImport("libc")]
    internal static partial int malloc_trim(nuint pad);
}
