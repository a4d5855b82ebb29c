using System.Globalization;
using Rivet.Live.Bench.Ladder;
using Rivet.Live.Bench.Measuring;
using Rivet.Live.Core.Ladder;

namespace Rivet.Live.Bench.Scheduling;

/// <summary>What is encoded, and on what.</summary>
internal static class SchedulingPlan
{
    public const string Vendor = "nvidia";

    /// <summary>Seconds of media that a simulated device does in a second: slow enough for four of them to leave the processors time to spare.</summary>
    public const double DeviceSpeed = 3;

    public static Rendition Single { get; } = LadderPlan.Renditions[1];

    public static (int Width, int Height) SingleSize { get; } = LadderPlan.Sizes[1];

    /// <summary>So small that encoding them takes a fraction of what the device pretends to take.</summary>
    public static IReadOnlyList<Rendition> Five { get; } =
        [.. ((int[])[112, 96, 80, 72, 64]).Select(static height => new Rendition($"{height}p", height, 100_000))];

    public static async Task<string> MakeSmallSourceAsync(string folder, int seconds)
    {
        string path = Path.Combine(folder, "small.mp4");
        await ToolProcess.RunAsync("ffmpeg",
        [
            "-hide_banner", "-nostdin", "-loglevel", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=208x120:rate=30",
            "-t", seconds.ToString(CultureInfo.InvariantCulture), "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p",
            "-g", "30", "-keyint_min", "30", "-sc_threshold", "0",
            "-movflags", "frag_keyframe+empty_moov+default_base_moof", "-frag_duration", "200000", path,
        ]);
        return path;
    }
}
