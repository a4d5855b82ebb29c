using System.Buffers.Binary;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Native;
using Xunit;

namespace Rivet.Live.Tests.Encoding;

/// <summary>Pictures and streams made up for tests.</summary>
internal static class Synthetic
{
    public static FFmpegLibrary Library { get; } = new FFmpegLoader().Load();

    /// <summary>A gradient with a bar that moves and noise that depends on the seed: never the same picture twice.</summary>
    public static Picture Picture(int width, int height, long presentationTime, int seed = 0, int scene = 0)
    {
        AVFrameHandle frame = AVFrameHandle.AllocatePicture(Library.Offsets, width, height, AvUtilFunctions.AV_PIX_FMT_YUV420P);
        uint random = (uint)((seed * 7919) + 12345);
        for (int plane = 0; plane < 3; plane++)
        {
            int planeWidth = plane == 0 ? width : (width + 1) / 2;
            int planeHeight = plane == 0 ? height : (height + 1) / 2;
            Span<byte> pixels = frame.WritablePlane(plane, planeWidth, planeHeight);
            for (int y = 0; y < planeHeight; y++)
            {
                for (int x = 0; x < planeWidth; x++)
                {
                    random = (random * 1664525) + 1013904223;
                    int bar = ((x + (seed * 3)) / 16) % 4 == 0 ? 60 : 0;
                    int value = ((x * (scene + 1)) + (y * (scene + 2)) + bar + (plane * 40) + (scene * 90) + (int)(random >> 28)) & 255;
                    pixels[(y * frame.Stride(plane)) + x] = (byte)value;
                }
            }
        }

        return new Picture(frame, presentationTime);
    }

    /// <summary>The same picture with 10 bits, which it takes the place of.</summary>
    public static Picture Deepen(Picture picture)
    {
        using (picture)
        {
            AVFrameHandle frame = AVFrameHandle.AllocatePicture(Library.Offsets, picture.Width, picture.Height, PixelFormats.Yuv420P10);
            for (int plane = 0; plane < 3; plane++)
            {
                ReadOnlySpan<byte> from = picture.Plane(plane);
                Span<byte> to = frame.WritablePlane(plane, 2 * picture.PlaneWidth(plane), picture.PlaneHeight(plane));
                for (int y = 0; y < picture.PlaneHeight(plane); y++)
                {
                    for (int x = 0; x < picture.PlaneWidth(plane); x++)
                    {
                        BinaryPrimitives.WriteInt16LittleEndian(to[((y * frame.Stride(plane)) + (2 * x))..], (short)(from[(y * picture.Stride(plane)) + x] << 2));
                    }
                }
            }

            return new Picture(frame, picture.PresentationTime);
        }
    }

    /// <summary>A picture of one value per plane.</summary>
    public static Picture Flat(int width, int height, byte luma, byte blue, byte red)
    {
        AVFrameHandle frame = AVFrameHandle.AllocatePicture(Library.Offsets, width, height, AvUtilFunctions.AV_PIX_FMT_YUV420P);
        frame.WritablePlane(0, width, height).Fill(luma);
        frame.WritablePlane(1, (width + 1) / 2, (height + 1) / 2).Fill(blue);
        frame.WritablePlane(2, (width + 1) / 2, (height + 1) / 2).Fill(red);
        return new Picture(frame, 0);
    }

    public static VideoEncoderSettings Settings(int width, int height, int timescale = 30) => new()
    {
        Width = width,
        Height = height,
        Timescale = timescale,
        FrameRate = (30, 1),
        BitrateBps = 500_000,
        Preset = "ultrafast",
    };

    /// <summary>Encodes made-up pictures, with a keyframe every <paramref name="gop"/>.</summary>
    public static (TrackDescription Track, List<(byte[] Bytes, long Time, bool IsSync)> Samples) Stream(int width, int height, int pictures, int gop)
    {
        PayloadPool payloads = new();
        using VideoEncoder encoder = VideoEncoder.Open(Library, Settings(width, height), payloads, "test encode");
        List<(byte[], long, bool)> samples = [];
        for (int i = 0; i < pictures; i++)
        {
            using Picture picture = Picture(width, height, i, i);
            encoder.Send(picture, i % gop == 0);
            Assert.True(encoder.TryReceive(out EncodedSample? sample));
            samples.Add((sample.Payload.Memory.ToArray(), sample.PresentationTime, sample.IsKeyframe));
            sample.Dispose();
        }

        Assert.Equal(0, payloads.LentPayloads);
        return (encoder.Track!, samples);
    }
}
