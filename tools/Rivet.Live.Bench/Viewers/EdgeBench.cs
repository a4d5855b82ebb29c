using System.Net;
using System.Text.Json;
using Rivet.Live.Bench.Publishing;

namespace Rivet.Live.Bench.Viewers;

/// <summary>What a cache in front spares the origin, and what it costs viewers who wait.</summary>
internal static class EdgeBench
{
    private static readonly string[] Configurations = ["varnish.vcl", "nginx.conf", "haproxy.cfg"];

    public static async Task<EdgeReport> RunAsync(BenchOptions options, string folder)
    {
        int viewers = options.Number("viewers", 200);
        int seconds = options.Number("seconds", 20);
        PublisherSource source = await PublisherSource.MakeAsync(folder, seconds + 40, PublisherMedia.FiftyKilobyteParts);
        List<EdgeRow> rows = [];
        foreach (string? configuration in (string?[])[null, .. Configurations])
        {
            await Console.Error.WriteLineAsync($"{viewers} viewers behind {configuration ?? "nothing"}");
            await using ServerUnderTest origin = await ServerUnderTest.StartOursAsync();
            await using Push push = new(new Uri(origin.Address, "ingest/bench/edge"), source);
            if (configuration is null)
            {
                rows.Add(await MeasureAsync("nothing", origin.Address, origin.Address, push, viewers, seconds));
                continue;
            }

            await using EdgeCache cache = await EdgeCache.StartAsync(configuration, origin.Address, folder);
            rows.Add(await MeasureAsync(configuration, cache.Address, origin.Address, push, viewers, seconds));
        }

        return new EdgeReport(viewers, rows);
    }

    private static async Task<EdgeRow> MeasureAsync(string name, Uri front, Uri origin, Push push, int count, int seconds)
    {
        using HttpClient client = new();
        Uri playlist = await SourcePlaylist.FindAsync(client, front, "bench/edge");
        PlaylistStates states = new(playlist, () => push.LastWrite);
        WaitingViewer[] viewers = [.. Enumerable.Range(0, count).Select(_ => new WaitingViewer(states))];
        Task[] watching = [.. viewers.Select(viewer => viewer.WatchAsync(new IPEndPoint(IPAddress.Loopback, front.Port)))];
        await Task.Delay(TimeSpan.FromSeconds(8), TimeProvider.System);
        long heldBefore = await StatAsync(client, origin, "blockedRequests");
        Array.ForEach(viewers, static viewer => viewer.IsCounting = true);
        await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System);
        Array.ForEach(viewers, static viewer => viewer.IsCounting = false);
        long held = await StatAsync(client, origin, "blockedRequests") - heldBefore;
        await push.MustBeRunningAsync();
        Array.ForEach(viewers, static viewer => viewer.Dispose());
        int failed = viewers.Count(static viewer => viewer.Error is not null && !viewer.SawTheEnd && viewer.Waits.Count == 0);
        await Task.WhenAll(watching);
        double parts = await FetchesAsync(client, origin, playlist, "#EXT-X-PRELOAD-HINT", static line => line.Split("URI=\"")[1].Split('"')[0], count);
        double segments = await FetchesAsync(client, origin, playlist, "s", static line => line, count);
        float[] waits = [.. viewers.SelectMany(static viewer => viewer.Waits).Order()];
        return waits.Length == 0
            ? throw new InvalidOperationException($"Nobody behind {name} was answered: {viewers[0].Error}")
            : new EdgeRow(name, waits.Length, failed, held * (double)count / waits.Length, waits[waits.Length / 2], waits[(int)(waits.Length * 0.99)], parts, segments);
    }

    /// <summary>How often the origin sent a resource that so many viewers asked for at once.</summary>
    private static async Task<double> FetchesAsync(HttpClient client, Uri origin, Uri playlist, string begin, Func<string, string> name, int count)
    {
        string text = await client.GetStringAsync(playlist);
        Uri url = new(playlist, name(text.Split('\n').Last(line => line.StartsWith(begin, StringComparison.Ordinal))));
        long before = await StatAsync(client, origin, "bytesSent");
        byte[][] copies = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => client.GetByteArrayAsync(url)));
        return copies.All(copy => copy.AsSpan().SequenceEqual(copies[0]))
            ? (await StatAsync(client, origin, "bytesSent") - before) / (double)copies[0].Length
            : throw new InvalidDataException($"Viewers got different bytes of {url}.");
    }

    private static async Task<long> StatAsync(HttpClient client, Uri origin, string name)
    {
        using JsonDocument stats = JsonDocument.Parse(await client.GetStringAsync(new Uri(origin, "stats/bench/edge")));
        return stats.RootElement.GetProperty("viewers").GetProperty(name).GetInt64();
    }
}
