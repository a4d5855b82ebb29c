using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Native;
using Xunit;

namespace Rivet.Live.Tests.Encoding;

public class PictureScalerTests
{
    // AVX2 is in every server processor of the last ten years, but not in the ones under emulation.
    public static TheoryData<int, int, int, int> OwnSizes => new()
    {
        { 1920, 1080, 1280, 720 },
        { 1280, 720, 854, 480 },
        { 854, 480, 426, 240 },
        { 1280, 720, 426, 240 },
        { 1278, 718, 854, 480 },
        { 1278, 718, 426, 240 },
        { 1000, 562, 638, 358 },
        { 98, 66, 70, 34 },
    };

    [Theory]
    [MemberData(nameof(OwnSizes))]
    public void Scaler_EightBitPicture_EqualsTheSameSumsOneByOne(int width, int height, int toWidth, int toHeight)
    {
        using PictureScaler scaler = new(Synthetic.Library, toWidth, toHeight);
        using Picture source = Synthetic.Picture(width, height, 7, seed: width);
        using Picture scaled = scaler.Scale(source);
        Assert.Equal(RowFilter.IsSupported, scaler.IsOwnScaler);
        Assert.Equal((toWidth, toHeight, 7L), (scaled.Width, scaled.Height, scaled.PresentationTime));
        for (int plane = 0; plane < 3 && scaler.IsOwnScaler; plane++)
        {
            double x = plane == 0 ? 0 : 0.25 * (1 - ((double)width / toWidth));
            byte[] expected = ScaleOneByOne(source, plane, scaled.PlaneWidth(plane), scaled.PlaneHeight(plane), x);
            Assert.Equal(0, GreatestError(expected, scaled, plane));
        }
    }

    [Theory]
    [MemberData(nameof(OwnSizes))]
    public void Scaler_OwnAndLibswscale_AgreeOnTheLuma(int width, int height, int toWidth, int toHeight)
    {
        using PictureScaler own = new(Synthetic.Library, toWidth, toHeight);
        using PictureScaler software = new(Synthetic.Library, toWidth, toHeight, mayUseOwn: false);
        using Picture source = Synthetic.Picture(width, height, 0, seed: 3);
        using Picture left = own.Scale(source);
        using Picture right = software.Scale(source);
        Assert.False(software.IsOwnScaler);
        long sum = 0;
        for (int y = 0; y < toHeight; y++)
        {
            for (int x = 0; x < toWidth; x++)
            {
                sum += Math.Abs(left.Plane(0)[(y * left.Stride(0)) + x] - right.Plane(0)[(y * right.Stride(0)) + x]);
            }
        }

        Assert.InRange((double)sum / (toWidth * toHeight), 0, 1.5);
    }

    [Theory]
    [InlineData(0, 128, 255)]
    [InlineData(16, 16, 240)]
    [InlineData(235, 1, 254)]
    public void Scaler_FlatPicture_KeepsItsValuesToTheBit(byte luma, byte blue, byte red)
    {
        using PictureScaler scaler = new(Synthetic.Library, 426, 240);
        using Picture source = Synthetic.Flat(854, 480, luma, blue, red);
        using Picture scaled = scaler.Scale(source);
        byte[] values = [luma, blue, red];
        for (int plane = 0; plane < 3; plane++)
        {
            for (int y = 0; y < scaled.PlaneHeight(plane); y++)
            {
                ReadOnlySpan<byte> row = scaled.Plane(plane).Slice(y * scaled.Stride(plane), scaled.PlaneWidth(plane));
                Assert.Equal(-1, row.IndexOfAnyExcept(values[plane]));
            }
        }
    }

    [Fact]
    public void Scaler_TenBitPicture_ComesOutWithEightBitsEvenAtItsOwnSize()
    {
        const int TenBit = 62; // AV_PIX_FMT_YUV420P10LE
        AVFrameHandle frame = AVFrameHandle.AllocatePicture(Synthetic.Library.Offsets, 320, 180, TenBit);
        for (int plane = 0; plane < 3; plane++)
        {
            Span<byte> bytes = plane == 0 ? frame.WritablePlane(0, 640, 180) : frame.WritablePlane(plane, 320, 90);
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = i % 2 == 0 ? (byte)0x90 : (byte)0x01; // 400 of 1023, which is 100 of 255
            }
        }

        using Picture source = new(frame, 9);
        Assert.Throws<InvalidOperationException>(() => source.Plane(0).Length);
        using PictureScaler scaler = new(Synthetic.Library, 320, 180);
        using Picture scaled = scaler.Scale(source);
        Assert.False(scaler.IsOwnScaler);
        Assert.Equal(("yuv420p", 9L), (scaled.PixelFormat, scaled.PresentationTime));
        Assert.InRange(scaled.Plane(0)[1000], 99, 101);
    }

    [Fact]
    public void Scaler_SourceOfTheOutputSize_IsSharedNotCopied()
    {
        using PictureScaler scaler = new(Synthetic.Library, 320, 180);
        using Picture source = Synthetic.Picture(320, 180, 5);
        using Picture scaled = scaler.Scale(source);
        Assert.True(source.Plane(0) == scaled.Plane(0), "the picture was copied");
        Assert.Equal(0, scaler.PooledFrames);
    }

    [Fact]
    public void Scaler_ThousandPicturesWithFourInFlight_KeepsFiveFrames()
    {
        using PictureScaler scaler = new(Synthetic.Library, 160, 90);
        using Picture source = Synthetic.Picture(320, 180, 0);
        Queue<Picture> inFlight = new();
        for (int i = 0; i < 1000; i++)
        {
            inFlight.Enqueue(scaler.Scale(source));
            if (inFlight.Count > 4)
            {
                inFlight.Dequeue().Dispose();
            }
        }

        Assert.Equal(5, scaler.PooledFrames);
        while (inFlight.TryDequeue(out Picture? picture))
        {
            picture.Dispose();
        }
    }

    [Fact]
    public void Scaler_PictureStillHeld_IsNotDrawnOver()
    {
        using PictureScaler scaler = new(Synthetic.Library, 160, 90);
        using Picture white = Synthetic.Flat(320, 180, 235, 128, 128);
        using Picture black = Synthetic.Flat(320, 180, 16, 128, 128);
        Picture first = scaler.Scale(white);
        using Picture held = first.Share();
        first.Dispose();
        using Picture second = scaler.Scale(black);
        Assert.Equal(235, held.Plane(0)[0]);
        Assert.Equal(16, second.Plane(0)[0]);
    }

    [Fact]
    public void Scaler_SourceChangesSizeInMidStream_Follows()
    {
        using PictureScaler scaler = new(Synthetic.Library, 160, 90);
        foreach ((int width, int height) in (ReadOnlySpan<(int, int)>)[(320, 180), (640, 360), (1920, 1080), (320, 180)])
        {
            using Picture source = Synthetic.Flat(width, height, 77, 88, 99);
            using Picture scaled = scaler.Scale(source);
            Assert.Equal((160, 90), (scaled.Width, scaled.Height));
            Assert.Equal(77, scaled.Plane(0)[^1]);
            Assert.Equal(width != 1920 && RowFilter.IsSupported, scaler.IsOwnScaler);
        }
    }

    private static byte[] ScaleOneByOne(Picture source, int plane, int width, int height, double x)
    {
        int sourceWidth = source.PlaneWidth(plane);
        FilterBank down = FilterBank.TryCreate(source.PlaneHeight(plane), height, 0, 2)!;
        FilterBank across = FilterBank.TryCreate(sourceWidth, width, x, 4)!;
        ReadOnlySpan<byte> pixels = source.Plane(plane);
        byte[] row = new byte[sourceWidth];
        byte[] output = new byte[width * height];
        for (int i = 0; i < height; i++)
        {
            for (int j = 0; j < sourceWidth; j++)
            {
                int sum = 0;
                for (int tap = 0; tap < down.Taps; tap++)
                {
                    sum += down.Weights[(i * down.Taps) + tap] * pixels[((down.First[i] + tap) * source.Stride(plane)) + j];
                }

                row[j] = (byte)Math.Clamp((sum + 32) >> FilterBank.Shift, 0, 255);
            }

            for (int j = 0; j < width; j++)
            {
                int sum = 0;
                for (int tap = 0; tap < across.Taps; tap++)
                {
                    sum += across.Weights[(j * across.Taps) + tap] * row[across.First[j] + tap];
                }

                output[(i * width) + j] = (byte)Math.Clamp((sum + 32) >> FilterBank.Shift, 0, 255);
            }
        }

        return output;
    }

    private static int GreatestError(byte[] expected, Picture picture, int plane)
    {
        int width = picture.PlaneWidth(plane);
        int greatest = 0;
        for (int y = 0; y < picture.PlaneHeight(plane); y++)
        {
            ReadOnlySpan<byte> row = picture.Plane(plane).Slice(y * picture.Stride(plane), width);
            for (int x = 0; x < width; x++)
            {
                greatest = Math.Max(greatest, Math.Abs(row[x] - expected[(y * width) + x]));
            }
        }

        return greatest;
    }
}
