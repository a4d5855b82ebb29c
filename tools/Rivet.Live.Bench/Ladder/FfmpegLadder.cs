using System.Globalization;
using System.Text.RegularExpressions;
using Rivet.Live.Bench.Measuring;

namespace Rivet.Live.Bench.Ladder;

/// <summary>The ffmpeg CLI doing the same ladder in one process.</summary>
/// <param name="Name">For tables.</param>
/// <param name="IsCascade">Each rung is scaled from the one above; otherwise all from the source.</param>
/// <param name="EncoderThreads">0 lets x264 choose.</param>
internal sealed partial record FfmpegLadder(string Name, bool IsCascade, int EncoderThreads)
{
    public static IReadOnlyList<FfmpegLadder> Arrangements { get; } =
    [
        new("ffmpeg split, threads auto", IsCascade: false, 0),
        new("ffmpeg split, 1 encoder thread", IsCascade: false, 1),
        new("ffmpeg cascade, threads auto", IsCascade: true, 0),
        new("ffmpeg cascade, 1 encoder thread", IsCascade: true, 1),
    ];

    /// <summary>Runs it, samples thrown away.</summary>
    public async Task<LadderFigures> MeasureAsync(string source, int pictures)
    {
        MachineLoad load = new();
        (_, string said) = await ToolProcess.RunAsync("ffmpeg", Arguments(source, "-benchmark", ["-f", "null", "-"]));
        double cpu = Read(said, UserTime()) + Read(said, SystemTime());
        return new LadderFigures(pictures, Read(said, RealTime()), cpu, Read(said, PeakMemory()) / 1024, load.OthersCores(cpu));
    }

    /// <summary>Runs it, one file per rendition.</summary>
    public async Task WriteAsync(string source, string folder)
    {
        string[] output(int rung) => ["-f", "mp4", Path.Combine(folder, LadderPlan.Renditions[rung].Name + ".mp4")];
        await ToolProcess.RunAsync("ffmpeg", Arguments(source, "-y", [], output));
    }

    private List<string> Arguments(string source, string option, string[] commonOutput, Func<int, string[]>? outputOf = null)
    {
        List<string> arguments = ["-hide_banner", "-nostdin", "-nostats", option, "-i", source, "-filter_complex", Filter()];
        for (int rung = 0; rung < LadderPlan.Renditions.Count; rung++)
        {
            arguments.AddRange(["-map", $"[o{rung}]"]);
            if (outputOf is not null)
            {
                arguments.AddRange([.. Encoder(rung, ""), .. outputOf(rung)]);
            }
        }

        if (outputOf is null)
        {
            arguments.AddRange(Enumerable.Range(0, LadderPlan.Renditions.Count).SelectMany(rung => Encoder(rung, $":{rung}")));
            arguments.AddRange(commonOutput);
        }

        return arguments;
    }

    private string Filter()
    {
        (int Width, int Height)[] sizes = [.. LadderPlan.Sizes];
        string scale(int rung) => string.Create(CultureInfo.InvariantCulture, $"scale={sizes[rung].Width}:{sizes[rung].Height}");
        return IsCascade
            ? $"[0:v]{scale(0)},split=2[o0][i1];[i1]{scale(1)},split=2[o1][i2];[i2]{scale(2)}[o2]"
            : $"[0:v]split=3[i0][i1][i2];[i0]{scale(0)}[o0];[i1]{scale(1)}[o1];[i2]{scale(2)}[o2]";
    }

    private string[] Encoder(int rung, string stream)
    {
        string bitrate = LadderPlan.Renditions[rung].VideoBitrateBps.ToString(CultureInfo.InvariantCulture);
        string gop = LadderPlan.Gop.ToString(CultureInfo.InvariantCulture);
        string v = "v" + stream;
        return
        [
            $"-c:{v}", "libx264", $"-preset:{v}", LadderPlan.Preset, $"-tune:{v}", "zerolatency", $"-bf:{v}", "0",
            $"-g:{v}", gop, $"-keyint_min:{v}", gop, $"-sc_threshold:{v}", "0",
            $"-b:{v}", bitrate, $"-maxrate:{v}", bitrate, $"-bufsize:{v}", bitrate,
            $"-threads:{v}", EncoderThreads.ToString(CultureInfo.InvariantCulture),
        ];
    }

    private static double Read(string said, Regex figure)
    {
        Match match = figure.Match(said);
        return match.Success
            ? double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"ffmpeg -benchmark did not say what {figure} looks for. It said:\n{said}");
    }

    [GeneratedRegex(@"rtime=([0-9.]+)s")]
    private static partial Regex RealTime();

    [GeneratedRegex(@"utime=([0-9.]+)s")]
    private static partial Regex UserTime();

    [GeneratedRegex(@"stime=([0-9.]+)s")]
    private static partial Regex SystemTime();

    [GeneratedRegex(@"maxrss=([0-9]+)k")]
    private static partial Regex PeakMemory();
}
