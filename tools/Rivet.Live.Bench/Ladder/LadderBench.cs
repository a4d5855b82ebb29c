using System.Text.Json;
using Rivet.Live.Bench.Measuring;

namespace Rivet.Live.Bench.Ladder;

/// <summary>Our ladder and the ffmpeg CLI's over the same source, in turns, and what comes out of both beside each other.</summary>
internal static class LadderBench
{
    /// <summary>The verb that a child process of ours is started with.</summary>
    public const string RunVerb = "ladder-run";

    /// <summary>
    /// Ten seconds of media, as in a server that is up for a while: .NET compiles what runs often again for speed, in the background and on
    /// the same cores. The cold process beside it pays for that inside its time.
    /// </summary>
    private const string WarmUpPictures = "300";

    public static async Task<LadderReport> RunAsync(BenchOptions options, string folder)
    {
        int seconds = options.Number("seconds", 10);
        int runs = options.Number("runs", 5);
        await Console.Error.WriteLineAsync($"Making {seconds} s of 1080p30");
        string source = await LadderSource.MakeAsync(folder, seconds);

        List<LadderFigures> ours = [];
        List<LadderFigures> cold = [];
        List<LadderFigures>[] theirs = [.. FfmpegLadder.Arrangements.Select(static _ => new List<LadderFigures>())];
        for (int run = 1; run <= runs; run++)
        {
            await Console.Error.WriteLineAsync($"Run {run} of {runs}");
            ours.Add(await RunOursAsync(source, "--warm-up", WarmUpPictures));
            cold.Add(await RunOursAsync(source));
            for (int index = 0; index < theirs.Length; index++)
            {
                theirs[index].Add(await FfmpegLadder.Arrangements[index].MeasureAsync(source, ours[^1].Pictures));
            }
        }

        await Console.Error.WriteLineAsync("Comparing pictures");
        LadderSide[] sides = [.. FfmpegLadder.Arrangements.Select((arrangement, index) => new LadderSide(arrangement.Name, arrangement.IsCascade, theirs[index]))];
        return new LadderReport(
            new LadderSide("ours", IsCascade: true, ours), new LadderSide("ours, cold process", IsCascade: true, cold), sides, await JudgeAsync(source, folder));
    }

    private static async Task<LadderFigures> RunOursAsync(string source, params string[] options)
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("This process does not know its own program file.");
        (string output, _) = await ToolProcess.RunAsync(program, [RunVerb, "--source", source, .. options]);
        return JsonSerializer.Deserialize<LadderFigures>(output)
            ?? throw new InvalidOperationException($"The child process gave '{output}', expected its figures as JSON.");
    }

    private static async Task<IReadOnlyList<RenditionQuality>> JudgeAsync(string source, string folder)
    {
        string ours = Directory.CreateDirectory(Path.Combine(folder, "ours")).FullName;
        string split = Directory.CreateDirectory(Path.Combine(folder, "split")).FullName;
        string cascade = Directory.CreateDirectory(Path.Combine(folder, "cascade")).FullName;
        await RunOursAsync(source, "--write", ours);
        await FfmpegLadder.Arrangements.First(static one => !one.IsCascade).WriteAsync(source, split);
        await FfmpegLadder.Arrangements.First(static one => one.IsCascade).WriteAsync(source, cascade);

        List<RenditionQuality> judged = [];
        for (int rung = 0; rung < LadderPlan.Renditions.Count; rung++)
        {
            string name = LadderPlan.Renditions[rung].Name;
            (int Width, int Height) size = LadderPlan.Sizes[rung];
            judged.Add(new RenditionQuality(
                name,
                await Similarity.MeasureAsync(Path.Combine(ours, name + ".mp4"), source, size),
                await Similarity.MeasureAsync(Path.Combine(split, name + ".mp4"), source, size),
                await Similarity.MeasureAsync(Path.Combine(cascade, name + ".mp4"), source, size)));
        }

        return judged;
    }
}
