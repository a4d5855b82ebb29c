using Rivet.Live.Bench.Measuring;

namespace Rivet.Live.Bench.Isolation;

/// <summary>Seconds of media per second, one right after the other.</summary>
internal sealed record ThroughputRun(double InProcess, double Isolated);

/// <summary>A server with one broadcast.</summary>
/// <param name="LatencyP50">Milliseconds from a fragment's last byte to the sample made from it, the mean of all renditions.</param>
/// <param name="LatencyP95">As <paramref name="LatencyP50"/>.</param>
/// <param name="DecodeP50">As <paramref name="LatencyP50"/>, from the fragment to the picture: the way to a child is in it.</param>
/// <param name="EncodeP50">As <paramref name="LatencyP50"/>, from the picture to the sample: the way back is in it.</param>
/// <param name="ServerMegabytes">Resident memory of the server, in MiB.</param>
/// <param name="ChildMegabytes">Of its children together, the spare one too, in MiB.</param>
internal sealed record ServerFigures(double LatencyP50, double LatencyP95, double DecodeP50, double EncodeP50, double ServerMegabytes, double ChildMegabytes);

internal sealed record ServerRun(ServerFigures InProcess, ServerFigures Isolated);

/// <summary>What the isolation benchmark found.</summary>
internal sealed record IsolationCosts(IReadOnlyList<ThroughputRun> Throughput, IReadOnlyList<ServerRun> Servers)
{
    private const double ThroughputTarget = 0.97;
    private const double LatencyTarget = 5;

    public IReadOnlyList<Verdict> Verdicts =>
    [
        new($"{ThroughputTarget} of the throughput in the server's process", TextTable.Range(Ratio, 3), Ratio.Median >= ThroughputTarget),
        new($"at most {LatencyTarget} ms later at the median", TextTable.Range(Later) + " ms", Later.Median <= LatencyTarget),
    ];

    private Spread Ratio => Spread.OfRatios([.. Throughput.Select(static run => run.Isolated)], [.. Throughput.Select(static run => run.InProcess)]);

    private Spread Later => Spread.Of(Servers.Select(static run => run.Isolated.LatencyP50 - run.InProcess.LatencyP50));

    public override string ToString()
    {
        TextTable table = new("three renditions", "1080p30 media s/s", "720p30 latency p50 ms", "p95 ms", "to the picture p50 ms", "to the sample p50 ms", "server MiB", "children MiB");
        Add(table, "in-process", static run => run.InProcess, static run => run.InProcess);
        Add(table, "process", static run => run.Isolated, static run => run.Isolated);
        return $"{table}\n{string.Join('\n', Verdicts)}\n";
    }

    private void Add(TextTable table, string name, Func<ThroughputRun, double> throughput, Func<ServerRun, ServerFigures> figures) => table.Add(
        name,
        TextTable.Range(Spread.Of(Throughput.Select(throughput)), 2),
        TextTable.Range(Spread.Of(Servers.Select(run => figures(run).LatencyP50))),
        TextTable.Range(Spread.Of(Servers.Select(run => figures(run).LatencyP95))),
        TextTable.Range(Spread.Of(Servers.Select(run => figures(run).DecodeP50))),
        TextTable.Range(Spread.Of(Servers.Select(run => figures(run).EncodeP50))),
        TextTable.Range(Spread.Of(Servers.Select(run => figures(run).ServerMegabytes)), 0),
        TextTable.Range(Spread.Of(Servers.Select(run => figures(run).ChildMegabytes)), 0));
}
