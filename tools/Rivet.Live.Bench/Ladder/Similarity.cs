using System.Globalization;
using System.Text.RegularExpressions;
using Rivet.Live.Bench.Measuring;

namespace Rivet.Live.Bench.Ladder;

/// <summary>How much a rendition looks like the source, ideally downscaled: SSIM, 1 is the same.</summary>
/// <param name="Luma">Brightness alone.</param>
/// <param name="All">Brightness and colours, as ffmpeg weighs them.</param>
internal sealed partial record Similarity(double Luma, double All)
{
    /// <param name="rendition">What was encoded.</param>
    /// <param name="source">What it was made from.</param>
    /// <param name="size">Of the rendition.</param>
    public static async Task<Similarity> MeasureAsync(string rendition, string source, (int Width, int Height) size)
    {
        // Lanczos in full precision, colours where H.264 has them unless it says otherwise: left of their pixel pair (0), between rows (128).
        string ideal = string.Create(
            CultureInfo.InvariantCulture,
            $"scale={size.Width}:{size.Height}:flags=lanczos+accurate_rnd+full_chroma_int:in_h_chr_pos=0:out_h_chr_pos=0:in_v_chr_pos=128:out_v_chr_pos=128");
        (_, string said) = await ToolProcess.RunAsync("ffmpeg",
        [
            "-hide_banner", "-nostdin", "-nostats", "-i", rendition, "-i", source,
            "-lavfi", $"[0:v]settb=1/90000,setpts=N*3000[made];[1:v]settb=1/90000,setpts=N*3000,{ideal}[ideal];[made][ideal]ssim", "-f", "null", "-",
        ]);
        Match match = Result().Match(said);
        return match.Success
            ? new Similarity(
                double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), double.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"ffmpeg's ssim filter gave no result for {rendition}. It said:\n{said}");
    }

    [GeneratedRegex(@"SSIM Y:([0-9.]+) .*All:([0-9.]+)")]
    private static partial Regex Result();
}
