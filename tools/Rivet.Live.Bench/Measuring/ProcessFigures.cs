using System.Globalization;

namespace Rivet.Live.Bench.Measuring;

/// <summary>What Linux says of a process that runs.</summary>
internal static class ProcessFigures
{
    private const int UserTimeField = 11;
    private const int SystemTimeField = 12;

    // USER_HZ: every Linux that .NET runs on counts /proc times in hundredths.
    private const double TicksPerSecond = 100;

    /// <summary>Processor seconds that all its threads took so far, in user and kernel.</summary>
    public static double CpuSeconds(int processId) =>
        CpuSecondsIn(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat")));

    /// <summary>Memory in use now, in MiB.</summary>
    public static double ResidentMegabytes(int processId) => Status(processId, "VmRSS:");

    /// <summary>The most memory it ever used, in MiB.</summary>
    public static double PeakMegabytes(int processId) => Status(processId, "VmHWM:");

    /// <param name="stat">The line of <c>/proc/PID/stat</c>.</param>
    internal static double CpuSecondsIn(string stat)
    {
        // The second field is the program's name in parentheses and may hold anything, spaces and parentheses too.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[UserTimeField], CultureInfo.InvariantCulture) + long.Parse(fields[SystemTimeField], CultureInfo.InvariantCulture))
            / TicksPerSecond;
    }

    private static double Status(int processId, string name)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status");
        string line = File.ReadLines(path).First(line => line.StartsWith(name, StringComparison.Ordinal));
        string kibibytes = line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim();
        return long.Parse(kibibytes, CultureInfo.InvariantCulture) / 1024.0;
    }
}
