using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>Finds out which encoders and decoders work on this machine, by using them rather than by asking for their names.</summary>
internal static class CodecProbe
{
    private const int Width = 640;
    private const int Height = 360;
    private const int Pictures = 60;

    /// <summary>Those that run on the CPU; what GPUs encode is learnt of each device, see <c>DeviceProbe</c>.</summary>
    public static IReadOnlyList<string> EncoderNames { get; } =
        ["libx264", "libx265", "libaom-av1"];

    /// <summary>Opens each encoder at 640x360 and feeds it two seconds of pictures.</summary>
    public static IReadOnlyList<CodecReport> Encoders(FFmpegLibrary library) => [.. EncoderNames.Select(name => TryEncoder(library, name))];

    /// <summary>Which kinds of video can come in.</summary>
    public static IReadOnlyList<CodecReport> Decoders() =>
    [
        Decoder("h264", "avc1"),
        Decoder("hevc", "hvc1"),
        Decoder("av1", "av01"),
        Decoder("vp9", "vp09"),
    ];

    private static CodecReport Decoder(string name, string sampleEntryType)
    {
        bool works = VideoDecoder.CanDecode(sampleEntryType);
        return new CodecReport(name, works, works ? $"decodes {sampleEntryType}" : "this FFmpeg was built without it");
    }

    private static CodecReport TryEncoder(FFmpegLibrary library, string name)
    {
        try
        {
            using AVCodecContextHandle context = AVCodecContextHandle.ForEncoder(library, name, $"probe {name}");
            context.Width = Width;
            context.Height = Height;
            context.SetTimeBase(30);
            context.SetFrameRate(30, 1);
            context.PixelFormat = AvUtilFunctions.AV_PIX_FMT_YUV420P;
            context.SetOption("b", 500_000);
            switch (name)
            {
                case "libaom-av1":
                    // Without it two seconds of pictures take it a minute.
                    context.SetOption("usage", "realtime");
                    context.SetOption("cpu-used", 8);
                    break;
                case "libx265":
                    // It writes to standard error by itself.
                    context.SetOption("x265-params", "log-level=error");
                    break;
            }

            context.Open();
            (int samples, int bytes) = Encode(library, context);
            return samples == Pictures
                ? new CodecReport(name, Works: true, $"encoded {Pictures} pictures of {Width}x{Height} into {bytes} bytes")
                : new CodecReport(name, Works: false, $"gave {samples} samples for {Pictures} pictures");
        }
        catch (FFmpegException error)
        {
            return new CodecReport(name, Works: false, error.Message);
        }
    }

    private static (int Samples, int Bytes) Encode(FFmpegLibrary library, AVCodecContextHandle context)
    {
        using AVPacketHandle packet = AVPacketHandle.Allocate();
        int samples = 0;
        int bytes = 0;
        for (int i = 0; i < Pictures; i++)
        {
            using AVFrameHandle frame = AVFrameHandle.AllocatePicture(library.Offsets, Width, Height, context.PixelFormat);
            frame.WritablePlane(0, Width, Height).Fill((byte)(16 + (i * 3)));
            frame.WritablePlane(1, Width / 2, Height / 2).Fill(128);
            frame.WritablePlane(2, Width / 2, Height / 2).Fill(128);
            frame.Pts = i;
            while (AVCodecQueue.Send(context, frame) == AVCodecAnswer.NotNow)
            {
                Receive();
            }

            Receive();
        }

        _ = AVCodecQueue.EndOfPictures(context);
        Receive();
        return (samples, bytes);

        void Receive()
        {
            while (AVCodecQueue.Receive(context, packet) == AVCodecAnswer.Done)
            {
                samples++;
                bytes += packet.Data.Length;
            }
        }
    }
}
