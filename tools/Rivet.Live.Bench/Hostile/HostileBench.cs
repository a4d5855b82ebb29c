using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Rivet.Live.Bench.Measuring;
using Rivet.Live.Bench.Publishing;
using Rivet.Live.Bench.Viewers;

namespace Rivet.Live.Bench.Hostile;

/// <summary>A broadcast with a ladder, first alone, then among strangers that do all that they can: when its parts come.</summary>
internal static class HostileBench
{
    /// <summary>As long as the publisher's fragments: each is a part.</summary>
    public const double PartSeconds = 0.5;

    private const string Key = "bench-key";

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    public static async Task<HostileReport> RunAsync(BenchOptions options, string folder)
    {
        int connections = options.Number("connections", 1000);
        int seconds = options.Number("seconds", 30);
        PublisherSource source = await PublisherSource.MakeAsync(folder, (2 * seconds) + 60, PublisherMedia.FiftyKilobyteParts);
        await using ServerUnderTest server = await ServerUnderTest.StartLadderAsync(
            "--Ladder:Renditions=240p", "--Encoding:Tier=draft", "--Ingest:Keys:0", Key, "--Logging:LogLevel:Default=Error");
        await using Push push = new(new Uri(server.Address, $"ingest/bench/hostile?key={Key}"), source);
        using HttpClient client = new();
        Uri own = await SourcePlaylist.FindAsync(client, server.Address, "bench/hostile");
        Uri rendition = new(own, "../240p/playlist.m3u8");
        await using PartWatch ownWatch = new("source", own, push.WrittenAt);
        await using PartWatch renditionWatch = new("240p", rendition, push.WrittenAt);
        PartWatch[] watches = [ownWatch, renditionWatch];
        await Task.Delay(WarmUp, TimeProvider.System);

        HostilePhase alone = await MeasureAsync("alone", watches, server.Id, () => Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System));
        IReadOnlyList<HostileKind> crowd = [];
        HostilePhase among = await MeasureAsync("among them", watches, server.Id, async () => crowd = await SendCrowdAsync(server.Address, connections, seconds));
        await push.MustBeRunningAsync();
        return new HostileReport(connections, seconds, [alone, among], crowd);
    }

    private static async Task<HostilePhase> MeasureAsync(string name, PartWatch[] watches, int serverId, Func<Task> meanwhile)
    {
        await Console.Error.WriteLineAsync($"The broadcast, {name}");
        double cpuBefore = ProcessFigures.CpuSeconds(serverId);
        long began = TimeProvider.System.GetTimestamp();
        Array.ForEach(watches, static watch => watch.Begin());
        await meanwhile();
        double span = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        return new HostilePhase(
            name, [.. watches.Select(static watch => watch.End())], (ProcessFigures.CpuSeconds(serverId) - cpuBefore) / span, ProcessFigures.PeakMegabytes(serverId));
    }

    /// <summary>In a process of its own that takes only the processor time that is left: what is measured is the server, and not who starves on one machine.</summary>
    private static async Task<IReadOnlyList<HostileKind>> SendCrowdAsync(Uri server, int connections, int seconds)
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("This process does not know its own program file.");
        string[] arguments =
        [
            HostileCrowd.Verb, "--port", server.Port.ToString(CultureInfo.InvariantCulture), "--connections", connections.ToString(CultureInfo.InvariantCulture),
            "--seconds", seconds.ToString(CultureInfo.InvariantCulture),
        ];
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true };
        using Process crowd = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        string said = await crowd.StandardOutput.ReadToEndAsync();
        await crowd.WaitForExitAsync();
        return JsonSerializer.Deserialize<HostileKind[]>(said)!;
    }
}
