using System.Buffers.Binary;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Encoding.Nvenc;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Encoding.Nvenc;

/// <summary>Every sample of a picture stands where NVENC looks for it, at any pitch, and nothing else is written.</summary>
public class NvencPixelsTests
{
    private const byte Untouched = 0xA5;

    // Wider than a multiple of what vector instructions take at once.
    private const int Width = 854;
    private const int Height = 482;

    [Theory]
    [InlineData(896)]
    [InlineData(1024)]
    public void PlanarPictureOf8Bits_HasItsChromaAtHalfThePitch(int pitch)
    {
        using Picture picture = TestCodecs.Shared.DrawPicture(Width, Height, presentationTime: 3);
        byte[] buffer = BufferOf(pitch);
        NvencPixels.Write(picture, buffer, pitch);

        int begin = 0;
        for (int plane = 0; plane < 3; plane++)
        {
            int planePitch = plane == 0 ? pitch : pitch / 2;
            for (int row = 0; row < picture.PlaneHeight(plane); row++)
            {
                ReadOnlySpan<byte> written = buffer.AsSpan(begin + (row * planePitch), planePitch);
                Assert.True(picture.Plane(plane).Slice(row * picture.Stride(plane), picture.PlaneWidth(plane)).SequenceEqual(written[..picture.PlaneWidth(plane)]));
                Assert.Equal(-1, written[picture.PlaneWidth(plane)..].IndexOfAnyExcept(Untouched));
            }

            begin += picture.PlaneHeight(plane) * planePitch;
        }

        Assert.Equal(buffer.Length, begin);
    }

    [Theory]
    [InlineData(1792)]
    [InlineData(2048)]
    public void PictureOf10Bits_IsShiftedUpAndItsChromaInterleaved(int pitch)
    {
        using Picture picture = TestCodecs.Shared.DrawPicture(Width, Height, presentationTime: 3, bitDepth: 10);
        byte[] buffer = BufferOf(pitch);
        NvencPixels.Write(picture, buffer, pitch);

        for (int plane = 0; plane < 3; plane++)
        {
            int width = picture.PlaneWidth(plane);
            ReadOnlySpan<byte> source = picture.Frame.Plane(plane, width * 2, picture.PlaneHeight(plane));
            for (int row = 0; row < picture.PlaneHeight(plane); row++)
            {
                for (int column = 0; column < width; column++)
                {
                    int at = plane == 0
                        ? (row * pitch) + (column * 2)
                        : ((Height + row) * pitch) + (column * 4) + ((plane - 1) * 2);
                    int expected = BinaryPrimitives.ReadUInt16LittleEndian(source[((row * picture.Stride(plane)) + (column * 2))..]) << 6;
                    if (BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at)) != expected)
                    {
                        Assert.Fail($"plane {plane}, row {row}, column {column}");
                    }
                }
            }
        }

        Assert.Equal(-1, buffer.AsSpan(Width * 2, pitch - (Width * 2)).IndexOfAnyExcept(Untouched));
    }

    private static byte[] BufferOf(int pitch)
    {
        byte[] buffer = new byte[NvencPixels.BytesOf(pitch, Height)];
        Array.Fill(buffer, Untouched);
        return buffer;
    }
}
