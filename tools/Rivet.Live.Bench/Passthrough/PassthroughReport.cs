using System.Globalization;
using Rivet.Live.Bench.Measuring;

namespace Rivet.Live.Bench.Passthrough;

/// <summary>What the passthrough benchmark found.</summary>
internal sealed record PassthroughReport(IReadOnlyList<PassthroughRow> Rows)
{
    public override string ToString()
    {
        TextTable table = new(
            "broadcasts of 4 Mb/s", "ours: CPU s per broadcast-minute", "ffmpeg -c copy", "ours / ffmpeg", "ours: MB, all broadcasts", "ffmpeg: MB");
        foreach (PassthroughRow row in Rows)
        {
            table.Add(
                row.Broadcasts.ToString(CultureInfo.InvariantCulture),
                TextTable.Range(Cpu(row.Ours), 2),
                TextTable.Range(Cpu(row.Ffmpeg), 2),
                TextTable.Range(Spread.OfRatios(Values(row.Ours), Values(row.Ffmpeg)), 2),
                TextTable.Range(Memory(row.Ours), 0),
                TextTable.Range(Memory(row.Ffmpeg), 0));
        }

        return table.ToString();
    }

    private static Spread Cpu(List<PassthroughFigures> runs) => Spread.Of(Values(runs));

    private static Spread Memory(List<PassthroughFigures> runs) => Spread.Of(runs.Select(static run => run.ResidentMegabytes));

    private static List<double> Values(List<PassthroughFigures> runs) => runs.ConvertAll(static run => run.CpuSecondsPerBroadcastMinute);
}
