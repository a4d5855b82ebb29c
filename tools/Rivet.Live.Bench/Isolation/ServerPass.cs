using System.Globalization;
using System.Text.Json;
using Rivet.Live.Bench.Measuring;
using Rivet.Live.Bench.Publishing;

namespace Rivet.Live.Bench.Isolation;

/// <summary>One broadcast in real time through a server: how late its renditions are, and what memory that takes.</summary>
internal static class ServerPass
{
    /// <param name="source">What is published.</param>
    /// <param name="length">When the figures are read: they are of the minute before.</param>
    /// <param name="isIsolated">In a child.</param>
    public static async Task<ServerFigures> RunAsync(PublisherSource source, TimeSpan length, bool isIsolated)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartLadderAsync($"--Encoding:Isolation={(isIsolated ? "process" : "in-process")}");
        await using Push push = new(new Uri(server.Address, "ingest/bench/one"), source);
        await Task.Delay(length);
        await push.MustBeRunningAsync();
        using HttpClient client = new() { BaseAddress = server.Address };
        using JsonDocument stats = JsonDocument.Parse(await client.GetStringAsync("stats/bench/one"));
        JsonElement[] renditions = [.. stats.RootElement.GetProperty("renditions").EnumerateArray()];
        int[] children = [.. ChildrenOf(server.Id)];
        return new ServerFigures(
            renditions.Average(static rendition => Milliseconds(rendition, rendition, "ingestToPublishMilliseconds", "p50")),
            renditions.Average(static rendition => Milliseconds(rendition, rendition, "ingestToPublishMilliseconds", "p95")),
            renditions.Average(static rendition => Milliseconds(rendition, rendition.GetProperty("stages"), "decodeMilliseconds", "p50")),
            renditions.Average(static rendition => Milliseconds(rendition, rendition.GetProperty("stages"), "encodeMilliseconds", "p50")),
            ProcessFigures.ResidentMegabytes(server.Id),
            children.Sum(ProcessFigures.ResidentMegabytes));
    }

    private static double Milliseconds(JsonElement rendition, JsonElement stages, string stage, string percentile) =>
        stages.TryGetProperty(stage, out JsonElement latency)
            ? latency.GetProperty(percentile).GetDouble()
            : throw new InvalidOperationException($"{rendition.GetProperty("rendition")} has published nothing: the machine is too busy to measure anything.");

    private static IEnumerable<int> ChildrenOf(int process) => Directory.EnumerateDirectories($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/task")
        .SelectMany(static thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(static id => int.Parse(id, CultureInfo.InvariantCulture));
}
