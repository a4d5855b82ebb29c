using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Native;
using Xunit;

namespace Rivet.Live.Tests.Encoding;

/// <summary>Pictures arrive at encoders with every sample where it belongs, also on a device.</summary>
public class EncoderInputTests
{
    // Wider than a multiple of what vector instructions take at once.
    private const int Width = 854;
    private const int Height = 482;

    [Theory]
    [InlineData(8)]
    [InlineData(10)]
    public void PlanarPicture_IsSharedAndNotCopied(int bitDepth)
    {
        using Picture picture = Draw(bitDepth);
        using EncoderInput input = new(Synthetic.Library.Offsets, Settings(bitDepth), interleaves: false, surfaces: null);
        using AVFrameHandle frame = AVFrameHandle.Allocate(Synthetic.Library.Offsets);
        input.Load(picture, frame);

        Assert.Equal(PixelFormats.PlanarOf(bitDepth), frame.Format);
        Assert.False(picture.Frame.IsWritable);
        frame.Release();
        Assert.True(picture.Frame.IsWritable);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(10)]
    public void InterleavedPicture_HasEverySample(int bitDepth)
    {
        using EncoderInput input = new(Synthetic.Library.Offsets, Settings(bitDepth), interleaves: true, surfaces: null);
        using AVFrameHandle frame = AVFrameHandle.Allocate(Synthetic.Library.Offsets);
        for (int number = 0; number < 3; number++)
        {
            using Picture picture = Draw(bitDepth, number);
            input.Load(picture, frame);

            Assert.Equal(PixelFormats.InterleavedOf(bitDepth), frame.Format);
            Assert.Equal(number, frame.Pts);
            RequireSamples(picture, frame, bitDepth);
        }
    }

    [Fact]
    public void FullRangePicture_KeepsItsValues()
    {
        using Picture picture = Draw(8);
        picture.Frame.Format = AvUtilFunctions.AV_PIX_FMT_YUVJ420P;
        using EncoderInput input = new(Synthetic.Library.Offsets, Settings(8), interleaves: true, surfaces: null);
        using AVFrameHandle frame = AVFrameHandle.Allocate(Synthetic.Library.Offsets);
        input.Load(picture, frame);

        RequireSamples(picture, frame, 8);
    }

    /// <summary>To FFmpeg, Vulkan on the CPU is a device as VA-API has them: frames contexts, surfaces, uploads.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(10)]
    public void UploadedPicture_ComesBackFromTheDevice(int bitDepth)
    {
        AVOffsets offsets = Synthetic.Library.Offsets;
        using AVHWDeviceContextHandle device = OpenVulkan();
        using AVHWFramesContextHandle surfaces = AVHWFramesContextHandle.Open(
            offsets, device, AvUtilFunctions.av_get_pix_fmt("vulkan"), PixelFormats.InterleavedOf(bitDepth), Width, Height);
        using EncoderInput input = new(offsets, Settings(bitDepth), interleaves: true, surfaces);
        using AVFrameHandle surface = AVFrameHandle.Allocate(offsets);
        for (int number = 0; number < 3; number++)
        {
            using Picture picture = Draw(bitDepth, number);
            input.Load(picture, surface);
            Assert.Equal(AvUtilFunctions.av_get_pix_fmt("vulkan"), surface.Format);
            Assert.Equal(number, surface.Pts);

            using AVFrameHandle back = AVFrameHandle.Allocate(offsets);
            Assert.True(AvUtilFunctions.av_hwframe_transfer_data(back, surface, 0) >= 0);
            Assert.Equal(PixelFormats.InterleavedOf(bitDepth), back.Format);
            RequireSamples(picture, back, bitDepth);
        }
    }

    [Fact]
    public void Surfaces_OfAFormatThatTheDeviceDoesNotHave_AreRefusedWithItsName()
    {
        using AVHWDeviceContextHandle device = OpenVulkan();
        FFmpegException error = Assert.Throws<FFmpegException>(
            () => AVHWFramesContextHandle.Open(Synthetic.Library.Offsets, device, PixelFormats.Vaapi, AvUtilFunctions.AV_PIX_FMT_NV12, Width, Height));

        Assert.Contains("854x482 nv12 as vaapi", error.Message, StringComparison.Ordinal);
    }

    private static AVHWDeviceContextHandle OpenVulkan()
    {
        try
        {
            return AVHWDeviceContextHandle.Open("vulkan", address: null);
        }
        catch (FFmpegException missing)
        {
            Assert.Fail($"This test uploads to Vulkan on the CPU; apt-get install mesa-vulkan-drivers. {missing.Message}");
            throw;
        }
    }

    private static void RequireSamples(Picture picture, AVFrameHandle interleaved, int bitDepth)
    {
        int bytes = bitDepth == 8 ? 1 : 2;
        for (int plane = 0; plane < 3; plane++)
        {
            (int width, int height) = (picture.PlaneWidth(plane), picture.PlaneHeight(plane));
            int step = plane == 0 ? 1 : 2;
            ReadOnlySpan<byte> from = picture.Frame.Plane(plane, width * bytes, height);
            ReadOnlySpan<byte> to = interleaved.Plane(Math.Min(plane, 1), width * step * bytes, height);
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    int expected = Sample(from[(y * picture.Stride(plane))..], x, bytes) << (bitDepth == 8 ? 0 : 6);
                    int seen = Sample(to[(y * interleaved.Stride(Math.Min(plane, 1)))..], (x * step) + (plane == 2 ? 1 : 0), bytes);
                    if (expected != seen)
                    {
                        Assert.Fail($"plane {plane}, column {x}, row {y}: {seen} instead of {expected}");
                    }
                }
            }
        }
    }

    private static int Sample(ReadOnlySpan<byte> row, int index, int bytes) => bytes == 1 ? row[index] : row[2 * index] | (row[(2 * index) + 1] << 8);

    private static Picture Draw(int bitDepth, int number = 0)
    {
        Picture picture = Synthetic.Picture(Width, Height, number, number);
        return bitDepth == 8 ? picture : Synthetic.Deepen(picture);
    }

    private static VideoEncoderSettings Settings(int bitDepth) => Synthetic.Settings(Width, Height) with { BitDepth = bitDepth };
}
