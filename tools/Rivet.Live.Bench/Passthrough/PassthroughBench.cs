using Rivet.Live.Bench.Publishing;

namespace Rivet.Live.Bench.Passthrough;

/// <summary>Broadcasts that are only repackaged: our server beside an ffmpeg per broadcast, in turns.</summary>
internal static class PassthroughBench
{
    public static async Task<PassthroughReport> RunAsync(BenchOptions options, string folder)
    {
        PassthroughPlan plan = new(options.Number("seconds", 20));
        int[] counts = options.Numbers("broadcasts", [1, 10, 50]);
        int runs = options.Number("runs", 3);
        await Console.Error.WriteLineAsync($"Making {plan.MediaSeconds} s of 720p30");
        PublisherSource source = await PublisherSource.MakeAsync(folder, plan.MediaSeconds, PublisherMedia.Usual);

        PassthroughRow[] rows = [.. counts.Select(static broadcasts => new PassthroughRow(broadcasts, [], []))];
        for (int run = 1; run <= runs; run++)
        {
            foreach (PassthroughRow row in rows)
            {
                await Console.Error.WriteLineAsync($"Run {run} of {runs}, {row.Broadcasts} broadcasts");
                row.Ours.Add(await ServerSide.MeasureAsync(source, row.Broadcasts, plan));
                row.Ffmpeg.Add(await FfmpegSide.MeasureAsync(source, row.Broadcasts, plan, folder));
            }
        }

        return new PassthroughReport(rows);
    }
}
