using System.Globalization;
using Rivet.Live.Bench.Ladder;
using Rivet.Live.Bench.Measuring;

namespace Rivet.Live.Bench.Scheduling;

/// <summary>PSNR of luma against the source, ideally downscaled, in dB: where chunks begin, and in their middle.</summary>
/// <param name="Seams">Of the first pictures of each chunk but the stream's first.</param>
/// <param name="Middles">Of as many pictures in the middle.</param>
internal sealed record PictureQuality(Spread Seams, Spread Middles)
{
    private const int Pictures = 6;

    /// <param name="rendition">What was encoded.</param>
    /// <param name="source">What it was made from.</param>
    /// <param name="size">Of the rendition.</param>
    /// <param name="folder">For ffmpeg's figures.</param>
    public static async Task<PictureQuality> MeasureAsync(string rendition, string source, (int Width, int Height) size, string folder)
    {
        string figures = Path.Combine(folder, "psnr.txt");
        string ideal = string.Create(CultureInfo.InvariantCulture, $"scale={size.Width}:{size.Height}:flags=lanczos+accurate_rnd+full_chroma_int");
        await ToolProcess.RunAsync("ffmpeg",
        [
            "-hide_banner", "-nostdin", "-nostats", "-i", rendition, "-i", source, "-lavfi",
            $"[0:v]settb=1/90000,setpts=N*3000[made];[1:v]settb=1/90000,setpts=N*3000,{ideal}[ideal];[made][ideal]psnr=stats_file={figures}",
            "-f", "null", "-",
        ]);
        return Of([.. (await File.ReadAllLinesAsync(figures)).Select(LumaIn)], LadderPlan.Gop);
    }

    /// <param name="luma">Of each picture.</param>
    /// <param name="gop">Pictures in a chunk.</param>
    internal static PictureQuality Of(double[] luma, int gop)
    {
        double[][] chunks = [.. luma.Chunk(gop).Skip(1).Where(chunk => chunk.Length == gop)];
        return new PictureQuality(
            Spread.Of(chunks.Select(static chunk => chunk[..Pictures].Average())),
            Spread.Of(chunks.Select(chunk => chunk[((gop - Pictures) / 2)..][..Pictures].Average())));
    }

    /// <param name="line"><c>n:1 mse_avg:… psnr_y:41.23 …</c>; identical pictures are <c>inf</c>.</param>
    internal static double LumaIn(string line)
    {
        const string name = "psnr_y:";
        string word = line.Split(' ').First(static word => word.StartsWith(name, StringComparison.Ordinal))[name.Length..];
        return word == "inf" ? 100 : double.Parse(word, CultureInfo.InvariantCulture);
    }
}
