using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace Rivet.Live.Tests.Support;

/// <summary>What ffmpeg's own decoders make of a file that we wrote.</summary>
internal static partial class MediaFile
{
    /// <summary>Decodes everything; fails where ffmpeg has anything to say about it.</summary>
    public static async Task RequireCleanAsync(string path)
    {
        ToolRun run = await ToolRun.RunAsync("ffmpeg", "-v", "warning", "-err_detect", "explode", "-xerror", "-i", path, "-f", "null", "-");
        Assert.True(run is { ExitCode: 0, Errors: "" }, $"ffmpeg on {path} ended with {run.ExitCode} and said:\n{run.Errors}");
    }

    /// <summary>Every frame of one of the file's tracks, in the order in which it is shown.</summary>
    /// <param name="path">The file.</param>
    /// <param name="track"><c>v</c> or <c>a</c>; the first track where there is only one.</param>
    public static async Task<IReadOnlyList<DecodedFrame>> FramesAsync(string path, string track = "0")
    {
        ToolRun run = await ToolRun.RequireAsync("ffprobe", "-v", "error", "-select_streams", track, "-show_entries", "frame=pts,key_frame,pkt_pos", "-of", "compact", path);
        Assert.Equal("", run.Errors);
        return [.. Frame().Matches(run.Text).Select(static match => new DecodedFrame(
            Number(match.Groups["time"]), match.Groups["key"].Value == "1", Number(match.Groups["offset"])))];
    }

    /// <summary>Ticks a second of one of the file's tracks.</summary>
    public static async Task<int> TimescaleAsync(string path, string track = "0")
    {
        ToolRun run = await ToolRun.RequireAsync("ffprobe", "-v", "error", "-select_streams", track, "-show_entries", "stream=time_base", "-of", "csv=p=0", path);
        return int.Parse(run.Text.Trim().Split('/')[1], CultureInfo.InvariantCulture);
    }

    private static long Number(Group group) => long.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^frame\|key_frame=(?<key>\d)\|pts=(?<time>-?\d+)\|pkt_pos=(?<offset>\d+)", RegexOptions.Multiline)]
    private static partial Regex Frame();
}
