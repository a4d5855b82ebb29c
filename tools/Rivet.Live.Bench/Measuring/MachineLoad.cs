using System.Diagnostics;
using System.Globalization;

namespace Rivet.Live.Bench.Measuring;

/// <summary>How busy the machine is with everything else while something is measured: what makes a run worth believing.</summary>
internal sealed class MachineLoad
{
    private const double TicksPerSecond = 100;

    // Fields of the first line of /proc/stat, after its name: user nice system idle iowait irq softirq steal.
    private static readonly int[] BusyFields = [1, 2, 3, 6, 7, 8];

    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly double _busyBefore = BusySecondsIn(File.ReadLines("/proc/stat").First());

    /// <summary>Cores that others used since this object was made.</summary>
    /// <param name="ownCpuSeconds">Processor time of what is measured.</param>
    public double OthersCores(double ownCpuSeconds)
    {
        double busy = BusySecondsIn(File.ReadLines("/proc/stat").First()) - _busyBefore;
        return Math.Max(0, (busy - ownCpuSeconds) / Stopwatch.GetElapsedTime(_began).TotalSeconds);
    }

    internal static double BusySecondsIn(string line)
    {
        string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return BusyFields.Sum(field => long.Parse(fields[field], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
