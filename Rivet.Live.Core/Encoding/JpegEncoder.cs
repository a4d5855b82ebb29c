using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>Small still pictures for people to recognise a broadcast by.</summary>
internal static class JpegEncoder
{
    /// <summary>Of 2 (best) to 31.</summary>
    private const int Quantizer = 4;

    // ITU-T H.273, whose numbers FFmpeg has: BT.709, and what is mostly that where nothing is said.
    private const int Bt709 = 1;
    private const int Unspecified = 2;

    /// <param name="library">The loaded FFmpeg.</param>
    /// <param name="picture">Planar 4:2:0 of 8 bits; the caller keeps its hold.</param>
    /// <exception cref="CodecException">This FFmpeg has no encoder for it.</exception>
    public static byte[] Encode(FFmpegLibrary library, Picture picture)
    {
        try
        {
            using AVCodecContextHandle context = AVCodecContextHandle.ForEncoder(library, "mjpeg", "thumbnail");
            context.Width = picture.Width;
            context.Height = picture.Height;
            context.PixelFormat = AvUtilFunctions.AV_PIX_FMT_YUVJ420P;
            context.ColorRange = AvUtilFunctions.AVCOL_RANGE_JPEG;
            context.ThreadCount = 1;
            context.SetTimeBase(1);
            context.SetOption("qmin", Quantizer);
            context.SetOption("qmax", Quantizer);
            context.Open();
            using AVFrameHandle frame = AVFrameHandle.AllocatePicture(library.Offsets, picture.Width, picture.Height, AvUtilFunctions.AV_PIX_FMT_YUVJ420P);
            frame.Pts = 0;
            Convert(picture, frame);
            using AVPacketHandle packet = AVPacketHandle.Allocate();
            AVCodecQueue.Send(context, frame);
            AVCodecQueue.EndOfPictures(context);
            return AVCodecQueue.Receive(context, packet) == AVCodecAnswer.Done
                ? packet.Data.ToArray()
                : throw new CodecException("The JPEG encoder gave nothing.");
        }
        catch (FFmpegException failed)
        {
            throw CodecException.Of(failed);
        }
    }

    /// <summary>JPEG (JFIF 1.02) knows one way to mean colours: BT.601 of full range. Video is mostly BT.709 of limited range.</summary>
    private static void Convert(Picture picture, AVFrameHandle frame)
    {
        bool isFull = picture.Color.IsFullRange;
        bool isBt709 = picture.Color.Matrix is Bt709 or Unspecified;
        (double lumaScale, int lumaZero, double chromaScale) = isFull ? (1.0, 0, 1.0) : (255.0 / 219, 16, 255.0 / 224);
        (int width, int height) = (picture.PlaneWidth(1), picture.PlaneHeight(1));
        ReadOnlySpan<byte> luma = picture.Plane(0);
        ReadOnlySpan<byte> blue = picture.Plane(1);
        ReadOnlySpan<byte> red = picture.Plane(2);
        Span<byte> lumaOut = frame.WritablePlane(0, picture.Width, picture.Height);
        Span<byte> blueOut = frame.WritablePlane(1, width, height);
        Span<byte> redOut = frame.WritablePlane(2, width, height);
        for (int row = 0; row < picture.Height; row++)
        {
            for (int column = 0; column < picture.Width; column++)
            {
                int chroma = ((row / 2) * picture.Stride(1)) + (column / 2);
                double cb = (blue[chroma] - 128) * chromaScale;
                double cr = (red[((row / 2) * picture.Stride(2)) + (column / 2)] - 128) * chromaScale;
                double y = (luma[(row * picture.Stride(0)) + column] - lumaZero) * lumaScale;
                lumaOut[(row * frame.Stride(0)) + column] = ToByte(isBt709 ? y + (0.101579 * cb) + (0.196076 * cr) : y);
                if (((row | column) & 1) == 0)
                {
                    blueOut[((row / 2) * frame.Stride(1)) + (column / 2)] = ToByte(128 + (isBt709 ? (0.989854 * cb) - (0.110653 * cr) : cb));
                    redOut[((row / 2) * frame.Stride(2)) + (column / 2)] = ToByte(128 + (isBt709 ? (0.983398 * cr) - (0.072453 * cb) : cr));
                }
            }
        }
    }

    private static byte ToByte(double value) => (byte)Math.Clamp(Math.Round(value), 0, 255);
}
