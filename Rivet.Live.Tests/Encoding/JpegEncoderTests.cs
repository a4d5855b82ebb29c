using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Native;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Encoding;

/// <summary>Still pictures show the colours that the video has.</summary>
public sealed class JpegEncoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(63, 102, 240, 255, 0, 0)]
    [InlineData(173, 42, 26, 0, 255, 0)]
    [InlineData(32, 240, 118, 0, 0, 255)]
    [InlineData(235, 128, 128, 255, 255, 255)]
    [InlineData(16, 128, 128, 0, 0, 0)]
    public async Task Jpeg_OfAColourOfBt709_HasThatColour(byte luma, byte blueness, byte redness, int red, int green, int blue)
    {
        using Picture picture = Plain(320, 180, luma, blueness, redness);

        string file = _folder.PathOf("picture.jpg");
        await File.WriteAllBytesAsync(file, TestCodecs.Shared.EncodeJpeg(picture, 256, 144));
        string pixel = _folder.PathOf("pixel");
        await ToolRun.RequireAsync("ffmpeg", "-v", "error", "-i", file, "-vf", "format=rgb24,crop=1:1:128:72", "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", pixel);

        int[] seen = [.. (await File.ReadAllBytesAsync(pixel)).Select(static value => (int)value)];
        Assert.All(seen.Zip([red, green, blue]), static pair => Assert.InRange(pair.First, pair.Second - 6, pair.Second + 6));
    }

    private static Picture Plain(int width, int height, params ReadOnlySpan<byte> values)
    {
        AVFrameHandle frame = AVFrameHandle.AllocatePicture(Synthetic.Library.Offsets, width, height, AvUtilFunctions.AV_PIX_FMT_YUV420P);
        for (int plane = 0; plane < 3; plane++)
        {
            frame.WritablePlane(plane, plane == 0 ? width : width / 2, plane == 0 ? height : height / 2).Fill(values[plane]);
        }

        return new Picture(frame, presentationTime: 0);
    }
}
