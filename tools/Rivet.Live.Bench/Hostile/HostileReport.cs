using System.Globalization;
using Rivet.Live.Bench.Measuring;
using Rivet.Live.Bench.Viewers;

namespace Rivet.Live.Bench.Hostile;

/// <summary>A while of the broadcast.</summary>
/// <param name="Name">In words.</param>
/// <param name="Playlists">When the parts of each came.</param>
/// <param name="ServerCores">CPU seconds of the server per second.</param>
/// <param name="PeakMegabytes">The server's so far.</param>
internal sealed record HostilePhase(string Name, IReadOnlyList<PartWaits> Playlists, double ServerCores, double PeakMegabytes);

/// <summary>What the hostile benchmark found.</summary>
internal sealed record HostileReport(int Connections, int Seconds, IReadOnlyList<HostilePhase> Phases, IReadOnlyList<HostileKind> Crowd)
{
    public override string ToString()
    {
        TextTable table = new("broadcast", "playlist", "parts", "p50 ms", "p99 ms", "max ms", "server cores", "peak MB");
        foreach (HostilePhase phase in Phases)
        {
            foreach (PartWaits parts in phase.Playlists)
            {
                table.Add(
                    phase.Name, parts.Name, Text(parts.Waits.Length), Milliseconds(parts, 0.5), Milliseconds(parts, 0.99), Milliseconds(parts, 1),
                    TextTable.Number(phase.ServerCores, 2), TextTable.Number(phase.PeakMegabytes, 0));
            }
        }

        TextTable crowd = new("strangers", "at once", "opened", "not opened", "answers", "MB sent");
        foreach (HostileKind kind in Crowd)
        {
            crowd.Add(kind.Name, Text(kind.Connections), Text(kind.Opened), Text(kind.Failed), Text(kind.Answers), TextTable.Number(kind.Megabytes));
        }

        double late = Phases[1].Playlists.Zip(Phases[0].Playlists, static (among, alone) => among.Quantile(1) - alone.Quantile(0.5)).Max();
        Verdict verdict = new(
            "no part is later than it usually is by more than a part", $"{TextTable.Number(late, 0)} ms of {TextTable.Number(HostileBench.PartSeconds * 1000, 0)} ms",
            late <= HostileBench.PartSeconds * 1000);
        return string.Create(CultureInfo.InvariantCulture, $"## {Connections} hostile connections for {Seconds} s\n{table}\n{crowd}\n{verdict}\n");
    }

    private static string Milliseconds(PartWaits parts, double fraction) => TextTable.Number(parts.Quantile(fraction), 0);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
