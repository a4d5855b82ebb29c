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

    /// <summary>Rests the calling thread between two questions to a driver that tells nobody when it is done.</summary>
    public static void Pause(TimeSpan duration) => _ = LibC.usleep((uint)duration.TotalMicroseconds);
}
