using Rivet.Live.Bench.Publishing;

namespace Rivet.Live.Bench.Viewers;

/// <summary>What viewers cost: those who wait for a part, and those who fetch it.</summary>
internal static class ViewersBench
{
    public static async Task<ViewersReport> RunAsync(BenchOptions options, string folder)
    {
        int seconds = options.Number("seconds", 60);
        int viewers = options.Number("viewers", 10_000);
        int runs = options.Number("runs", 5);
        double partSeconds = options.Number("part-milliseconds", 500) / 1000.0;

        // Long enough for viewers to come in, for the span, and for the media runs on a busy machine.
        int mediaSeconds = Math.Max(seconds + 90, 60 + (runs * 60));
        await Console.Error.WriteLineAsync($"Making {mediaSeconds} s of media");
        PublisherSource source = await PublisherSource.MakeAsync(folder, mediaSeconds, PublisherMedia.FiftyKilobyteParts);
        await Console.Error.WriteLineAsync($"{viewers} viewers wait, {seconds} s");
        WaitingFigures waiting = await WaitingViewers.MeasureAsync(source, viewers, seconds, partSeconds, folder);
        return new ViewersReport(waiting, await MediaFanOut.MeasureAsync(source, runs, options.Number("wrk-seconds", 8), folder));
    }
}
