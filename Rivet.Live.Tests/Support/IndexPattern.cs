using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Native;
using Rivet.Live.Tests.Encoding;
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

    /// <summary>The same picture as codecs take it; its time is its number.</summary>
    public static Picture Draw(int index, int width, int height)
    {
        AVFrameHandle frame = AVFrameHandle.AllocatePicture(Synthetic.Library.Offsets, width, height, AvUtilFunctions.AV_PIX_FMT_YUV420P);
        frame.WritablePlane(1, width / 2, height / 2).Fill(128);
        frame.WritablePlane(2, width / 2, height / 2).Fill(128);
        Span<byte> luma = frame.WritablePlane(0, width, height);
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                int bit = (row * Side / height * Side) + (column * Side / width);
                luma[(row * frame.Stride(0)) + column] = (index >> bit & 1) == 1 ? White : Black;
            }
        }

        return new Picture(frame, index);
    }

    /// <summary>The number that a picture of any size carries.</summary>
    public static int Read(Picture picture)
    {
        ReadOnlySpan<byte> luma = picture.Plane(0);
        int index = 0;
        for (int bit = 0; bit < Side * Side; bit++)
        {
            int row = ((2 * (bit / Side)) + 1) * picture.Height / (2 * Side);
            int column = ((2 * (bit % Side)) + 1) * picture.Width / (2 * Side);
            index |= luma[(row * picture.Stride(0)) + column] > (Black + White) / 2 ? 1 << bit : 0;
        }

        return index;
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
