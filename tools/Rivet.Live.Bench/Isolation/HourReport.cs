using System.Globalization;
using Rivet.Live.Bench.Measuring;

namespace Rivet.Live.Bench.Isolation;

/// <param name="Minutes">Of media so far.</param>
/// <param name="OwnMegabytes">Resident memory of the process that publishes and packages, in MiB.</param>
/// <param name="ChildMegabytes">Of the child, in MiB.</param>
/// <param name="Restarts">Children that were lost.</param>
internal sealed record HourRow(double Minutes, double OwnMegabytes, double ChildMegabytes, long Restarts);

/// <summary>A long broadcast in a child.</summary>
internal sealed record HourReport(IReadOnlyList<HourRow> Rows, double Seconds)
{
    /// <summary>More than this of what it was after a quarter is growth.</summary>
    private const double FlatWithin = 1.1;

    private double OwnGrowth => Rows[^1].OwnMegabytes / Rows[Rows.Count / 4].OwnMegabytes;

    private double ChildGrowth => Rows[^1].ChildMegabytes / Rows[Rows.Count / 4].ChildMegabytes;

    public override string ToString()
    {
        TextTable table = new("minutes of media", "server MiB", "child MiB", "lost");
        foreach (HourRow row in Rows)
        {
            table.Add(
                TextTable.Number(row.Minutes), TextTable.Number(row.OwnMegabytes), TextTable.Number(row.ChildMegabytes), row.Restarts.ToString(CultureInfo.InvariantCulture));
        }

        Verdict[] verdicts =
        [
            new($"server's memory within {FlatWithin} of what it was after a quarter", TextTable.Number(OwnGrowth, 3), OwnGrowth <= FlatWithin),
            new($"child's memory within {FlatWithin} of what it was after a quarter", TextTable.Number(ChildGrowth, 3), ChildGrowth <= FlatWithin),
        ];
        return $"{table}\n{string.Join('\n', (object[])verdicts)}\n{TextTable.Number(Rows[^1].Minutes)} minutes of media in {TextTable.Number(Seconds)} s\n";
    }
}
