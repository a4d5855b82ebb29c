using System.Diagnostics;

using Xunit;

namespace Rivet.Live.Tests.Demuxing;

/// <summary>Runs ffmpeg and ffprobe, which make what the reader reads and judge what the writer writes.</summary>
internal static class FfmpegTool
{
    public static string Ffmpeg(params string[] arguments) => Run("ffmpeg", ["-hide_banner", "-nostdin", "-y", .. arguments]);

    /// <summary>Every packet of a file as ffprobe sees it, in file order.</summary>
    public static List<ProbedPacket> Packets(string path, params string[] options)
    {
        string text = Run(
            "ffprobe",
            ["-v", "error", .. options, "-show_entries", "packet=stream_index,pts,dts,duration,size,flags", "-of", "compact", path]);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(static line => line.StartsWith("packet|", StringComparison.Ordinal)).Select(ProbedPacket.Parse)];
    }

    /// <summary>Runs a tool to its end and returns what it printed on both outputs; fails where it does.</summary>
    private static string Run(string tool, string[] arguments)
    {
        ProcessStartInfo start = new(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string errors = string.Empty;
        process.ErrorDataReceived += (_, line) => errors += line.Data is null ? string.Empty : line.Data + "\n";
        process.BeginErrorReadLine();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{tool} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{errors}");
        return output + errors;
    }
}
