using Rivet.Live.Bench.Measuring;

namespace Rivet.Live.Bench.Stats;

/// <param name="Milliseconds">Of one thread, each time.</param>
/// <param name="AllocatedKibibytes">Left to the collector, each time.</param>
internal sealed record StatsRun(double Milliseconds, double AllocatedKibibytes);

/// <summary>What the stats benchmark found.</summary>
/// <param name="Snapshot">Reading everything.</param>
/// <param name="Json">Writing it as JSON, once for all who follow.</param>
/// <param name="JsonBytes">How much that is.</param>
internal sealed record StatsReport(IReadOnlyList<StatsRun> Snapshot, IReadOnlyList<StatsRun> Json, int JsonBytes)
{
    private const double TargetMilliseconds = 2;

    public override string ToString()
    {
        TextTable table = new("64 broadcasts of 5 renditions", "ms", "KiB allocated");
        foreach ((string name, IReadOnlyList<StatsRun> runs) in ((string, IReadOnlyList<StatsRun>)[])[("a snapshot", Snapshot), ($"its JSON, {JsonBytes / 1024} KiB", Json)])
        {
            table.Add(
                name,
                TextTable.Range(Spread.Of(runs.Select(static run => run.Milliseconds)), 2),
                TextTable.Range(Spread.Of(runs.Select(static run => run.AllocatedKibibytes)), 0));
        }

        Spread snapshot = Spread.Of(Snapshot.Select(static run => run.Milliseconds));
        return $"## Stats\n{table}\n{new Verdict($"a snapshot in under {TargetMilliseconds} ms", TextTable.Range(snapshot, 2), snapshot.Median < TargetMilliseconds)}\n";
    }
}
