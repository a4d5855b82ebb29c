using System.Runtime.InteropServices;

namespace Rivet.Live.Core.Native;

/// <summary>What the operating system is told about the calling thread.</summary>
internal static class NativeThread
{
    /// <summary>Gives the calling thread this nice value (0 normal, 19 lowest). Threads it starts inherit it, codec threads too.</summary>
    /// <remarks>
    /// Only for threads of our own: a thread cannot come back without privileges, so a pool thread would stay slow for ever.
    /// To Linux, PRIO_PROCESS with 0 is the calling thread, not the process.
    /// </remarks>
    /// <returns>False where the system did not want to; nothing depends on it.</returns>
    public static bool Lower(int nice)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nice);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nice, 19);
        return OperatingSystem.IsLinux() && LibC.setpriority(LibC.PRIO_PROCESS, 0, nice) == 0;
    }

    /// <summary>Asks for time slices of this length: the shorter they are, the sooner the calling thread runs once it is woken. Threads it starts inherit that.</summary>
    /// <param name="slice">From 0.1 to 100 ms; zero for the system's own, a few milliseconds.</param>
    /// <remarks>Linux 6.12 and later (EEVDF) put it in front of a thread that computes in longer slices; earlier ones take it and do nothing. It gets no larger share of the processor.</remarks>
    /// <returns>False where the system did not want to; nothing depends on it.</returns>
    public static bool Slice(TimeSpan slice)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slice, TimeSpan.Zero);
        return OperatingSystem.IsLinux() && SetAttributeCall is { } call && LibC.sched_setattr(call, 0, AttributesWith(slice), 0) == 0;
    }

    /// <summary>Rests the calling thread between two questions to a driver that tells nobody when it is done.</summary>
    public static void Pause(TimeSpan duration) => _ = LibC.usleep((uint)duration.TotalMicroseconds);

    /// <summary>The number of <c>sched_setattr</c>; null where it is not known.</summary>
    private static nint? SetAttributeCall => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 314,
        Architecture.Arm64 => 274,
        _ => null,
    };

    /// <summary>The call sets the nice value as well.</summary>
    private static SchedAttr AttributesWith(TimeSpan slice) => new()
    {
        Size = SchedAttr.Bytes,
        Nice = LibC.getpriority(LibC.PRIO_PROCESS, 0),
        Runtime = (ulong)slice.TotalNanoseconds,
    };
}
