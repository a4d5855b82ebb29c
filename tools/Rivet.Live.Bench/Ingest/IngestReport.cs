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
internal sealed record IngestReport(IReadOnlyList<IngestRow> Rows, IReadOnlyList<SinkSide> Sinks, IReadOnlyList<HeldRow> Held)
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

        TextTable sinks = new("4 Mb/s publishers", "CPU ms per publisher and second", "ours / this", "MB");
        foreach (SinkSide side in Sinks)
        {
            sinks.Add(
                side.Name,
                TextTable.Range(Spread.Of(side.CpuMilliseconds), 2),
                TextTable.Range(Spread.OfRatios(Sinks[0].CpuMilliseconds, side.CpuMilliseconds), 2),
                TextTable.Range(Spread.Of(side.Megabytes), 0));
        }

        TextTable held = new("publishers of 4 Mb/s", "parts seen", "p50 ms", "p99 ms", "max ms", "late", "server cores", "publishers' cores", "others' cores", "MB");
        foreach (HeldRow row in Held)
        {
            held.Add(
                TextTable.Number(row.Publishers, 0), TextTable.Number(row.Parts.Waits.Length, 0), Milliseconds(row, 0.5), Milliseconds(row, 0.99), Milliseconds(row, 1),
                $"{TextTable.Number(100 * row.LateShare)} %", TextTable.Number(row.ServerCores, 2), TextTable.Number(row.OwnCores, 2), TextTable.Number(row.OthersCores, 2),
                TextTable.Number(row.Megabytes, 0));
        }

        return $"## Reading publishers' bytes\n{table}\n## Publishers of 4 Mb/s, beside nginx that throws the same bodies away\n{sinks}\n## Publishers held before parts come late\n{held}{Verdict()}\n";
    }

    /// <summary>How many are held, and what keeps the next ones from it.</summary>
    private string Verdict()
    {
        HeldRow? most = Held.LastOrDefault(static row => row.IsHeld);
        HeldRow least = Held.First(static row => !row.IsHeld);
        int cores = Environment.ProcessorCount;
        string reason = least.BusyCores > 0.9 * cores
            ? $"of {cores} processors {TextTable.Number(least.BusyCores)} are busy then, {TextTable.Number(least.OwnCores)} of them with the publishers and viewers of this benchmark, {TextTable.Number(least.OthersCores)} with others"
            : $"not processors, of which {TextTable.Number(cores - least.BusyCores)} are idle then";
        return $"{most?.Publishers ?? 0} are held, {least.Publishers} are not: {reason}.";
    }

    private static string Milliseconds(HeldRow row, double fraction) => TextTable.Number(row.Parts.Quantile(fraction), 0);
}
