using System.Net;
using Rivet.Live.Bench.Measuring;
using Rivet.Live.Bench.Publishing;

namespace Rivet.Live.Bench.Viewers;

/// <summary>Thousands of viewers that wait for every part of one playlist, then a shutdown that must answer them all.</summary>
internal static class WaitingViewers
{
    private const int ComingAtOnce = 100;

    /// <summary>What viewers of the first seconds cost is not theirs: code is loaded and compiled, pools fill.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    public static async Task<WaitingFigures> MeasureAsync(PublisherSource source, int count, int seconds, double partSeconds, string folder)
    {
        // Before the others come: some machines let a user open 20,000 files, and each connection is two.
        double bare = await IdleConnections.KibibytesEachAsync(count, folder);
        await using ServerUnderTest server = await ServerUnderTest.StartOursAsync(
            $"--Hls:PartSeconds={TextTable.Number(partSeconds, 2)}", "--Logging:LogLevel:Default=Error");
        Push push = new(new Uri(server.Address, "ingest/bench/waiting"), source);
        using HttpClient client = new();
        Uri playlist = await SourcePlaylist.FindAsync(client, server.Address, "bench/waiting");
        await Task.Delay(WarmUp, TimeProvider.System);

        PlaylistStates states = new(playlist, () => push.LastWrite);
        WaitingViewer[] viewers = [.. Enumerable.Range(0, count).Select(_ => new WaitingViewer(states))];
        try
        {
            double memoryBefore = ProcessFigures.ResidentMegabytes(server.Id);
            Task[] watching = await LetInAsync(viewers, new IPEndPoint(IPAddress.Loopback, server.Address.Port));
            await Task.Delay(WarmUp, TimeProvider.System);

            Array.ForEach(viewers, static viewer => viewer.IsCounting = true);
            long began = TimeProvider.System.GetTimestamp();
            double cpuBefore = ProcessFigures.CpuSeconds(server.Id);
            await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System);
            double cpu = ProcessFigures.CpuSeconds(server.Id) - cpuBefore;
            double span = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            Array.ForEach(viewers, static viewer => viewer.IsCounting = false);
            double memory = ProcessFigures.ResidentMegabytes(server.Id);
            await push.MustBeRunningAsync();
            int failed = viewers.Count(static viewer => viewer.Error is not null);

            await server.TerminateAsync();
            await Task.WhenAll(watching);
            string? error = viewers.Select(static viewer => viewer.Error).FirstOrDefault(static error => error is not null);
            return new WaitingFigures(count, partSeconds, span, failed, error)
            {
                Waits = [.. viewers.SelectMany(static viewer => viewer.Waits).Order()],
                FewestAnswers = viewers.Min(static viewer => viewer.Waits.Count),
                ServerCores = cpu / span,
                KibibytesEach = (memory - memoryBefore) * 1024 / count,
                BareKibibytesEach = bare,
                SawTheEnd = viewers.Count(static viewer => viewer.SawTheEnd),
            };
        }
        finally
        {
            Array.ForEach(viewers, static viewer => viewer.Dispose());
        }
    }

    private static async Task<Task[]> LetInAsync(WaitingViewer[] viewers, IPEndPoint server)
    {
        List<Task> watching = [];
        foreach (WaitingViewer[] some in viewers.Chunk(ComingAtOnce))
        {
            watching.AddRange(some.Select(viewer => viewer.WatchAsync(server)));
            while (some.Any(static viewer => !viewer.IsWatching && viewer.Error is null))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            }
        }

        return [.. watching];
    }
}
