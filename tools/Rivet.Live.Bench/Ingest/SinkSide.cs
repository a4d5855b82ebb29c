namespace Rivet.Live.Bench.Ingest;

/// <summary>What publishers push to, and what that cost, run by run.</summary>
/// <param name="Name">For tables.</param>
/// <param name="CpuMilliseconds">Of the receiving processes, per publisher and second.</param>
/// <param name="Megabytes">Resident at the end of a run.</param>
internal sealed record SinkSide(string Name, List<double> CpuMilliseconds, List<double> Megabytes);
