using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Encoding.Nvenc;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>The codec libraries of this machine, loaded: opens decoders, scalers and encoders.</summary>
internal sealed class Codecs
{
    /// <summary>Codec work yields to the threads that serve players: they have milliseconds of work and everybody waits for it.</summary>
    private const int CodecThreadNice = 5;

    private const int YieldingThreadNice = 10;

    /// <summary>Long enough for a fragment's way through a thread, and shorter than what the system gives codec threads (from 0.7 ms with one core to 2.8 ms with eight).</summary>
    private static readonly TimeSpan CarryingSlice = TimeSpan.FromMilliseconds(0.3);

    private readonly FFmpegLibrary _library;

    private Codecs(FFmpegLibrary library) => _library = library;

    /// <summary>NVIDIA's encoders without FFmpeg.</summary>
    public NvencDriver Nvenc { get; private init; } = new();

    /// <summary>What was loaded, for the start banner and <c>doctor</c>.</summary>
    public string Description => _library.ToString();

    /// <summary>The files that were loaded.</summary>
    public IReadOnlyList<string> Paths => _library.Paths;

    /// <summary>Loads the newest supported libraries and sends their log to ours.</summary>
    /// <exception cref="CodecsMissingException">None was found; the message says what installs them.</exception>
    public static Codecs Load(ILoggerFactory loggers, TimeProvider time)
    {
        try
        {
            FFmpegLibrary library = new FFmpegLoader().Load();
            new FFmpegLog(loggers.CreateLogger<FFmpegLog>(), time).Attach(library);
            return new Codecs(library);
        }
        catch (FFmpegMissingException missing)
        {
            throw new CodecsMissingException(missing.Message, missing);
        }
    }

    /// <summary>The same libraries with another NVIDIA driver.</summary>
    internal Codecs With(NvencDriver nvenc) => new(_library) { Nvenc = nvenc };

    /// <summary>Every encoder that this server could use, opened and fed.</summary>
    public IReadOnlyList<CodecReport> ProbeEncoders() => CodecProbe.Encoders(_library);

    /// <summary>Every decoder that a source may need.</summary>
    public static IReadOnlyList<CodecReport> ProbeDecoders() => CodecProbe.Decoders();

    /// <summary>Runs first in a process with codecs: whoever carries media or answers runs as soon as it has something to do, in front of codec threads at their work.</summary>
    public static void PrepareProcess() => NativeThread.Slice(CarryingSlice);

    /// <summary>Runs first on a thread that will decode, scale and encode.</summary>
    public static void PrepareThread()
    {
        NativeThread.Lower(CodecThreadNice);
        NativeThread.Slice(TimeSpan.Zero);
    }

    /// <summary>The calling thread, one of a drain's own, yields to the other codec threads.</summary>
    public static void YieldThread() => NativeThread.Lower(YieldingThreadNice);

    /// <summary>Gives the memory of closed decoders, scalers and encoders back to the system.</summary>
    public static void ReturnMemory() => NativeHeap.Trim();

    /// <inheritdoc cref="VideoDecoder.Open(FFmpegLibrary, TrackDescription, int, string, bool)"/>
    public VideoDecoder OpenDecoder(TrackDescription track, int threads, string label) => VideoDecoder.Open(_library, track, threads, label);

    /// <summary>Opens a GPU's decoder for a track.</summary>
    /// <exception cref="CodecException">It cannot be opened: the message says what to do.</exception>
    public VideoDecoder OpenDecoder(TrackDescription track, HardwareNode node, string label)
    {
        using AVHWDeviceContextHandle device = node.ForDecoding.Open();
        return VideoDecoder.Open(_library, track, device, label);
    }

    /// <summary>The codec of a sample entry, of those that a device may have.</summary>
    public static bool TryCodecOf(string sampleEntryType, out VideoCodec codec)
    {
        (codec, bool isKnown) = sampleEntryType switch
        {
            "avc1" or "avc3" => (VideoCodec.H264, true),
            "hvc1" or "hev1" => (VideoCodec.Hevc, true),
            "av01" => (VideoCodec.Av1, true),
            _ => (default, false),
        };
        return isKnown;
    }

    /// <summary>True where the loaded FFmpeg was built with an encoder, whether or not it works here.</summary>
    public static bool HasEncoder(string name) => AvCodecFunctions.avcodec_find_encoder_by_name(name) != 0;

    /// <summary>Opens an encoder, of FFmpeg's or as the device of the settings is reached without it.</summary>
    /// <exception cref="CodecException">The encoder is not there or refuses the settings.</exception>
    public IVideoEncoder OpenEncoder(VideoEncoderSettings settings, PayloadPool payloads, string label) =>
        settings.IsDirect ? Nvenc.Open(settings, payloads, label) : VideoEncoder.Open(_library, settings, payloads, label);

    /// <summary>Keeps a GPU's driver open while its encoders are tried one after the other; may take seconds, or hang.</summary>
    /// <exception cref="CodecException">It cannot be opened: the message says what to do.</exception>
    public IDisposable Hold(HardwareNode node) => node.DirectCodecs.Count > 0 ? Nvenc.Hold(node) : node.Open();

    /// <summary>A picture made up of moving stripes, to try encoders with.</summary>
    public Picture DrawPicture(int width, int height, long presentationTime, int bitDepth = 8)
    {
        AVFrameHandle frame = AVFrameHandle.AllocatePicture(_library.Offsets, width, height, PixelFormats.PlanarOf(bitDepth));
        int sampleBytes = bitDepth == 8 ? 1 : 2;
        for (int plane = 0; plane < 3; plane++)
        {
            int planeWidth = plane == 0 ? width : (width + 1) / 2;
            int planeHeight = plane == 0 ? height : (height + 1) / 2;
            Span<byte> pixels = frame.WritablePlane(plane, planeWidth * sampleBytes, planeHeight);
            for (int row = 0; row < planeHeight; row++)
            {
                Span<byte> line = pixels.Slice(row * frame.Stride(plane), planeWidth * sampleBytes);
                for (int column = 0; column < planeWidth; column++)
                {
                    byte value = (byte)(((column * 3) + (row * 2) + (presentationTime * 5) + ((column ^ row) & 15)) / 2);
                    if (sampleBytes == 1)
                    {
                        line[column] = value;
                    }
                    else
                    {
                        BinaryPrimitives.WriteUInt16LittleEndian(line[(2 * column)..], (ushort)(value << (bitDepth - 8)));
                    }
                }
            }
        }

        return new Picture(frame, presentationTime);
    }

    /// <summary>A small still picture.</summary>
    /// <param name="picture">The caller keeps its hold.</param>
    /// <param name="width">Of the still picture, whose pixels are square.</param>
    /// <param name="height">Of the still picture.</param>
    /// <exception cref="CodecException">It cannot be made: the message says why.</exception>
    public byte[] EncodeJpeg(Picture picture, int width, int height)
    {
        using PictureScaler scaler = new(_library, width, height);
        using Picture small = scaler.Scale(picture);
        return JpegEncoder.Encode(_library, small);
    }

    /// <summary>A scaler to one size; the caller disposes it.</summary>
    /// <param name="width">Of what comes out.</param>
    /// <param name="height">Of what comes out.</param>
    /// <param name="keepsDepth">Pictures of more than 8 bits come out with 10.</param>
    public PictureScaler OpenScaler(int width, int height, bool keepsDepth) => new(_library, width, height, keepsDepth);
}
