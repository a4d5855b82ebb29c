using Rivet.Live.Bench.Measuring;

namespace Rivet.Live.Bench.Ingest;

/// <summary>One way in which publishers send.</summary>
/// <param name="Name">In words.</param>
/// <param name="Moofs">Of the body that is read.</param>
/// <param name="Runs">Its measurements.</param>
internal sealed record IngestRow(string Name, int Moofs, IReadOnlyList<IngestRun> Runs);

/// <param name="MegabytesPerSecond">Of one thread.</param>
/// <param name="MicrosecondsPerFragment">Each track's fragments on their own.</param>
/// <param name="AllocatedBytesPerFragment">Payloads are lent and come back; this is what is left to the collector.</param>
internal sealed record IngestRun(double MegabytesPerSecond, double MicrosecondsPerFragment, double AllocatedBytesPerFragment);

/// <summary>What the ingest benchmark found.</summary>
internal sealed record IngestReport(IReadOnlyList<IngestRow> Rows)
{
    public override string ToString()
    {
        TextTable table = new("publisher", "MB/s on one thread", "µs per fragment", "bytes allocated per fragment", "publishers per core");
        foreach (IngestRow row in Rows)
        {
            Spread speed = Spread.Of(row.Runs.Select(static run => run.MegabytesPerSecond));
            table.Add(
                row.Name,
                TextTable.Range(speed, 0),
                TextTable.Range(Spread.Of(row.Runs.Select(static run => run.MicrosecondsPerFragment))),
                TextTable.Range(Spread.Of(row.Runs.Select(static run => run.AllocatedBytesPerFragment)), 0),

                // By reading alone: sockets, packaging and encoding cost far more.
                TextTable.Number(speed.Median * 8 / 4, 0));
        }

        return $"## Reading publishers' bytes\n{table}";
    }
}
