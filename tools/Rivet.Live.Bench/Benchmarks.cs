using System.Text.Json;
using Rivet.Live.Bench.Hostile;
using Rivet.Live.Bench.Ingest;
using Rivet.Live.Bench.Isolation;
using Rivet.Live.Bench.Ladder;
using Rivet.Live.Bench.Passthrough;
using Rivet.Live.Bench.Scheduling;
using Rivet.Live.Bench.Stats;
using Rivet.Live.Bench.Viewers;

namespace Rivet.Live.Bench;

/// <summary>Runs the benchmarks asked for in a folder of their own, prints their tables and writes their figures.</summary>
internal static class Benchmarks
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(BenchOptions options)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("rivet-bench-");
        try
        {
            Dictionary<string, object> reports = [];
            if (options.Benchmark is null or "ladder")
            {
                reports["ladder"] = await LadderBench.RunAsync(options, folder.FullName);
            }

            if (options.Benchmark is null or "passthrough")
            {
                reports["passthrough"] = await PassthroughBench.RunAsync(options, folder.FullName);
            }

            if (options.Benchmark is null or "viewers")
            {
                reports["viewers"] = await ViewersBench.RunAsync(options, folder.FullName);
            }

            if (options.Benchmark is null or "scheduling")
            {
                reports["scheduling"] = await SchedulingBench.RunAsync(options, folder.FullName);
            }

            if (options.Benchmark is null or "isolation")
            {
                reports["isolation"] = await IsolationBench.RunAsync(options, folder.FullName);
            }

            if (options.Benchmark is "hour")
            {
                using SourceMedia media = await SourceMedia.ReadAsync(await SchedulingPlan.MakeSmallSourceAsync(folder.FullName, seconds: 30));
                reports["hour"] = await HourPass.RunAsync(media, options.Number("minutes", 60), HourPass.IsNvidia(options.Text("device") ?? "cpu"));
            }

            if (options.Benchmark is null or "ingest")
            {
                reports["ingest"] = await IngestBench.RunAsync(options, folder.FullName);
            }

            if (options.Benchmark is "hostile")
            {
                reports["hostile"] = await HostileBench.RunAsync(options, folder.FullName);
            }

            if (options.Benchmark is null or "stats")
            {
                reports["stats"] = await StatsBench.RunAsync(options, folder.FullName);
            }

            if (options.Benchmark is "edge")
            {
                reports["edge"] = await EdgeBench.RunAsync(options, folder.FullName);
            }

            if (reports.Count == 0)
            {
                await Console.Error.WriteLineAsync($"Saw '{options.Benchmark}', expected a benchmark's name.\n{BenchOptions.Usage}");
                return 2;
            }

            await Console.Out.WriteLineAsync(string.Join('\n', reports.Values));
            if (options.Text("json") is { } path)
            {
                await File.WriteAllTextAsync(path, JsonSerializer.Serialize(reports, Json));
            }

            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
