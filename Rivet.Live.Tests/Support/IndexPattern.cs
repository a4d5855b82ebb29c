using Xunit;

namespace Rivet.Live.Tests.Support;

/// <summary>Pictures that carry their number: sixteen blocks, black or white, so large that no scaler and no bit rate blurs them away.</summary>
internal static class IndexPattern
{
    private const int Side = 4;

    private const byte Black = 40;

    private const byte White = 215;

    /// <summary>Grey pictures 0, 1, 2, … written one after the other, for ffmpeg's <c>-f rawvideo -pix_fmt gray</c>.</summary>
    public static async Task WriteAsync(Stream stream, int count, int width, int height)
    {
        byte[] picture = new byte[width * height];
        for (int index = 0; index < count; index++)
        {
            for (int row = 0; row < height; row++)
            {
                for (int block = 0; block < Side; block++)
                {
                    int bit = (row * Side / height * Side) + block;
                    byte luma = (index >> bit & 1) == 1 ? White : Black;
                    picture.AsSpan((row * width) + (block * width / Side), width / Side).Fill(luma);
                }
            }

            await stream.WriteAsync(picture);
        }
    }

    /// <summary>The numbers of a file's pictures, in the order in which they are shown.</summary>
    public static async Task<IReadOnlyList<int>> ReadAsync(string path)
    {
        const int blocks = Side * Side;

        // One mean per block. Times do not matter here, and raw video could not hold irregular ones.
        string filters = $"scale={Side}:{Side}:flags=area,settb=1/1000,setpts=N";
        ToolRun run = await ToolRun.RequireAsync(
            "ffmpeg", "-v", "error", "-i", path, "-map", "0:v:0", "-vf", filters, "-fps_mode", "passthrough", "-enc_time_base", "1:1000",
            "-pix_fmt", "gray", "-f", "rawvideo", "-");
        Assert.Equal("", run.Errors);
        return [.. run.Output.Chunk(blocks).Select(static means => Enumerable.Range(0, blocks).Sum(bit => means[bit] > (Black + White) / 2 ? 1 << bit : 0))];
    }
}
