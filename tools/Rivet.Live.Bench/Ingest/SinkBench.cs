using System.Globalization;
using Rivet.Live.Bench.Measuring;
using Rivet.Live.Bench.Publishing;
using Rivet.Live.Bench.Viewers;

namespace Rivet.Live.Bench.Ingest;

/// <summary>The same publishers into our server, which makes playlists and parts of what they send, and into nginx, which only takes it in.</summary>
internal static class SinkBench
{
    /// <summary>Longer than any measurement.</summary>
    public const int MediaSeconds = 60;

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(12);

    public static async Task<IReadOnlyList<SinkSide>> RunAsync(BenchOptions options, PublisherSource source)
    {
        int publishers = options.Number("publishers", 50);
        int runs = options.Number("runs", 5);

        // A folder in memory: what is compared is receiving, and not a disk.
        DirectoryInfo folder = Directory.CreateDirectory(Path.Combine("/dev/shm", $"rivet-bench-{Environment.ProcessId}"));
        SinkSide ours = new($"{publishers} into our server", [], []);
        SinkSide thrownAway = new($"{publishers} into nginx, thrown away", [], []);
        SinkSide written = new($"{publishers} into nginx, written to files in memory (dav)", [], []);
        try
        {
            for (int run = 1; run <= runs; run++)
            {
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{publishers} publishers, run {run} of {runs}"));
                await using (ServerUnderTest server = await ServerUnderTest.StartOursAsync("--Ingest:MaxBroadcasts=10000"))
                {
                    await MeasureAsync(ours, server.Address, [server.Id], source, publishers);
                }

                // It answers at once and reads on for as long as something comes.
                await MeasureNginxAsync(thrownAway, folder.FullName, "location / { return 204; lingering_close always; lingering_time 1h; lingering_timeout 1m; }", source, publishers);
                await MeasureNginxAsync(written, folder.FullName, "client_max_body_size 0; client_body_buffer_size 64k; location / { dav_methods PUT; create_full_put_path on; }", source, publishers);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return [ours, thrownAway, written];
    }

    private static async Task MeasureNginxAsync(SinkSide side, string folder, string directives, PublisherSource source, int publishers)
    {
        await using Nginx nginx = await Nginx.StartAsync(folder, directives);
        await MeasureAsync(side, nginx.Address, nginx.ProcessIds, source, publishers);
    }

    private static async Task MeasureAsync(SinkSide side, Uri server, int[] processes, PublisherSource source, int publishers)
    {
        await using ManyPublishers crowd = new(server, source, publishers);
        await Task.Delay(Settle, TimeProvider.System);
        double cpuBefore = processes.Sum(ProcessFigures.CpuSeconds);
        long began = TimeProvider.System.GetTimestamp();
        await Task.Delay(Measured, TimeProvider.System);
        double cpu = processes.Sum(ProcessFigures.CpuSeconds) - cpuBefore;
        side.CpuMilliseconds.Add(cpu * 1000 / TimeProvider.System.GetElapsedTime(began).TotalSeconds / publishers);
        side.Megabytes.Add(processes.Sum(ProcessFigures.ResidentMegabytes));
        await crowd.MustBeRunningAsync();
    }
}
