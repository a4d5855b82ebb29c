using System.Diagnostics;
using System.Globalization;

namespace Rivet.Live.Bench.Passthrough;

/// <summary>Our server as a process, with publishers that push over loopback. They live here, so their work is not counted.</summary>
internal static class ServerSide
{
    private const string ReadyPrefix = "Rivet.Live ready on ";

    public static async Task<PassthroughFigures> MeasureAsync(PassthroughSource source, int broadcasts, PassthroughPlan plan)
    {
        // A ladder whose only rendition is above the source: nothing is decoded, source alone is served.
        ProcessStartInfo start = new("dotnet",
        [
            FindServer(), "--urls", "http://127.0.0.1:0", "--Ladder:Renditions:0:Name=above", "--Ladder:Renditions:0:Height=4320",
            "--Ladder:Renditions:0:VideoBitrateBps=1000000", "--Logging:LogLevel:Default=Warning",
        ])
        {
            RedirectStandardOutput = true,
        };
        using Process server = Process.Start(start) ?? throw new InvalidOperationException("The server did not start.");
        try
        {
            string ready = await server.StandardOutput.ReadLineAsync() ?? "nothing";
            if (!ready.StartsWith(ReadyPrefix, StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"The server said '{ready}', expected '{ReadyPrefix}URL'.");
            }

            return await MeasureAsync(new Uri(ready[ReadyPrefix.Length..]), server.Id, source, broadcasts, plan);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    private static async Task<PassthroughFigures> MeasureAsync(Uri server, int serverId, PassthroughSource source, int broadcasts, PassthroughPlan plan)
    {
        using CancellationTokenSource stop = new();
        List<Task> publishers = [];
        for (int index = 0; index < broadcasts; index++)
        {
            publishers.Add(PublishAsync(new Uri(server, string.Create(CultureInfo.InvariantCulture, $"ingest/bench/{index}")), source, stop.Token));
            await PassthroughPlan.SpreadAsync(broadcasts);
        }

        await PassthroughPlan.SettleAsync();
        PassthroughFigures figures = await PassthroughFigures.MeasureAsync([serverId], broadcasts, plan.Seconds);
        if (publishers.Find(static publisher => publisher.IsCompleted) is { } ended)
        {
            await ended;
            throw new InvalidOperationException("A publisher came to its end before the measurement did.");
        }

        await stop.CancelAsync();
        await Task.WhenAll(publishers);
        return figures;
    }

    private static async Task PublishAsync(Uri url, PassthroughSource source, CancellationToken stop)
    {
        using HttpClient client = new() { Timeout = Timeout.InfiniteTimeSpan };
        using HttpRequestMessage request = new(HttpMethod.Put, url) { Content = new RealTimeBody(source, stop) };
        using HttpResponseMessage response = await client.SendAsync(request, CancellationToken.None);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{url} was answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(CancellationToken.None)}");
        }
    }

    private static string FindServer()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string server = Path.Combine(folder.FullName, "Rivet.Live/bin/Release/net10.0/Rivet.Live.dll");
            if (File.Exists(server))
            {
                return server;
            }
        }

        throw new InvalidOperationException($"No Release build of Rivet.Live above {AppContext.BaseDirectory}: run 'dotnet build Rivet.Live -c Release', or tools/bench, which does.");
    }
}
