using System.Globalization;
using Rivet.Live.Bench.Measuring;
using Rivet.Live.Bench.Publishing;
using Rivet.Live.Bench.Viewers;

namespace Rivet.Live.Bench.Ingest;

/// <summary>More and more publishers, on the machine that they are received on, until parts come late.</summary>
internal static class HeldBench
{
    /// <summary>Broadcasts that are watched; those of all publishers are alike.</summary>
    private const int Watched = 8;

    /// <summary>Half a part more than with few publishers.</summary>
    private const double LateMilliseconds = 250;

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(15);

    /// <summary>Twice as many until they are too many, then halfway between, until a tenth is left between those that are held and those that are not.</summary>
    public static async Task<IReadOnlyList<HeldRow>> RunAsync(BenchOptions options, PublisherSource source)
    {
        List<HeldRow> rows = [];
        int held = 0;
        int tooMany = int.MaxValue;
        for (int publishers = options.Number("from", 25); tooMany - held > Math.Max(5, held / 10); publishers = tooMany == int.MaxValue ? 2 * held : (held + tooMany) / 2)
        {
            HeldRow row = await MeasureAsync(source, publishers, rows.Count > 0 ? rows[0].Parts.Quantile(0.5) : null);
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{publishers} publishers: {100 * row.LateShare:0.0} % late"));
            rows.Add(row);
            (held, tooMany) = row.IsHeld ? (publishers, tooMany) : (held, publishers);
        }

        return [.. rows.OrderBy(static row => row.Publishers)];
    }

    /// <param name="source">What they send.</param>
    /// <param name="publishers">How many.</param>
    /// <param name="usual">When parts come where there are few of them, in milliseconds: bursts as long as a part are let out over its length. Null: these are the few.</param>
    private static async Task<HeldRow> MeasureAsync(PublisherSource source, int publishers, double? usual)
    {
        // The shortest window: what is asked is how many are held, and not how much memory the machine has.
        await using ServerUnderTest server = await ServerUnderTest.StartOursAsync("--Ingest:MaxBroadcasts=10000", "--Hls:WindowSeconds=6");
        await using ManyPublishers crowd = new(server.Address, source, publishers);
        using HttpClient client = new();
        PartWatch[] watches = new PartWatch[Math.Min(Watched, publishers)];
        for (int index = 0; index < watches.Length; index++)
        {
            int publisher = index * publishers / watches.Length;
            Uri playlist = await SourcePlaylist.FindAsync(client, server.Address, string.Create(CultureInfo.InvariantCulture, $"bench/{publisher}"));
            watches[index] = new PartWatch("source", playlist, fragment => crowd.DueAt(publisher, fragment));
        }

        await Task.Delay(Settle, TimeProvider.System);
        Array.ForEach(watches, static watch => watch.Begin());
        MachineLoad load = new();
        double serverBefore = ProcessFigures.CpuSeconds(server.Id);
        double ownBefore = ProcessFigures.CpuSeconds(Environment.ProcessId);
        long began = TimeProvider.System.GetTimestamp();
        await Task.Delay(Measured, TimeProvider.System);
        double span = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        double serverCpu = ProcessFigures.CpuSeconds(server.Id) - serverBefore;
        double own = ProcessFigures.CpuSeconds(Environment.ProcessId) - ownBefore;
        double others = load.OthersCores(serverCpu + own);
        PartWaits parts = new("all", [.. watches.SelectMany(static watch => watch.End().Waits).Order()]);
        double limit = LateMilliseconds + (usual ?? parts.Quantile(0.5));
        double megabytes = ProcessFigures.ResidentMegabytes(server.Id);
        bool areRunning = crowd.AreRunning;
        await Task.WhenAll(watches.Select(static watch => watch.DisposeAsync().AsTask()));
        return new HeldRow(
            publishers, parts, areRunning && parts.Waits.Length > 0 ? parts.Waits.Count(wait => wait > limit) / (double)parts.Waits.Length : 1, serverCpu / span, own / span, others, megabytes);
    }
}
