using System.Globalization;
using Rivet.Live.Bench.Measuring;

namespace Rivet.Live.Bench.Ladder;

/// <summary>Makes the picture that is transcoded: a slow zoom full of detail under a moving chart, with a little noise.</summary>
internal static class LadderSource
{
    public static async Task<string> MakeAsync(string folder, int seconds)
    {
        string path = Path.Combine(folder, "source.mp4");
        string pictures = (seconds * 30).ToString(CultureInfo.InvariantCulture);
        string bitrate = LadderPlan.SourceBitsPerSecond.ToString(CultureInfo.InvariantCulture);
        string gop = LadderPlan.Gop.ToString(CultureInfo.InvariantCulture);
        await ToolProcess.RunAsync("ffmpeg",
        [
            "-hide_banner", "-nostdin", "-loglevel", "error", "-y",
            "-f", "lavfi", "-i", $"mandelbrot=size=1920x1080:rate=30:maxiter=2000:start_scale=2.5:end_scale=0.05:end_pts={pictures}",
            "-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=30",
            "-filter_complex", "[0:v][1:v]blend=all_mode=average,noise=alls=8:allf=t,format=yuv420p",
            "-frames:v", pictures,
            "-c:v", "libx264", "-preset", "veryfast", "-b:v", bitrate, "-maxrate", bitrate, "-bufsize", bitrate,
            "-g", gop, "-keyint_min", gop, "-sc_threshold", "0", "-bf", "0",
            "-movflags", "frag_keyframe+empty_moov+default_base_moof", "-frag_duration", "200000", path,
        ]);
        return path;
    }
}
