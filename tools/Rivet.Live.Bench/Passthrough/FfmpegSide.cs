using System.Diagnostics;
using System.Globalization;
using Rivet.Live.Bench.Publishing;

namespace Rivet.Live.Bench.Passthrough;

/// <summary>One ffmpeg per broadcast, repackaging the same media in real time. It reads a file where our server reads a socket.</summary>
internal static class FfmpegSide
{
    public static async Task<PassthroughFigures> MeasureAsync(PublisherSource source, int broadcasts, PassthroughPlan plan, string folder)
    {
        List<Process> processes = [];
        try
        {
            for (int index = 0; index < broadcasts; index++)
            {
                DirectoryInfo output = Directory.CreateDirectory(Path.Combine(folder, "hls", index.ToString(CultureInfo.InvariantCulture)));
                processes.Add(Start(source.Path, output.FullName));
                await PassthroughPlan.SpreadAsync(broadcasts);
            }

            await PassthroughPlan.SettleAsync();
            PassthroughFigures figures = await PassthroughFigures.MeasureAsync([.. processes.Select(static process => process.Id)], broadcasts, plan.Seconds);
            return processes.Exists(static process => process.HasExited)
                ? throw new InvalidOperationException("An ffmpeg came to its end before the measurement did.")
                : figures;
        }
        finally
        {
            foreach (Process process in processes)
            {
                process.Kill();
                await process.WaitForExitAsync();
                process.Dispose();
            }
        }
    }

    private static Process Start(string source, string folder) => Process.Start("ffmpeg",
    [
        "-hide_banner", "-nostdin", "-loglevel", "error", "-re", "-i", source, "-c", "copy",
        "-f", "hls", "-hls_segment_type", "fmp4", "-hls_time", "2", "-hls_list_size", "30", "-hls_flags", "delete_segments",
        Path.Combine(folder, "index.m3u8"),
    ]);
}
