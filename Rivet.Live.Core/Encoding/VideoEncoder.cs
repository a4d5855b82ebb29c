using System.Diagnostics.CodeAnalysis;
using Rivet.Live.Core.Bitstream;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>Turns pictures into H.264 samples: one in, one out, keyframes only where they are asked for. For one caller at a time.</summary>
internal sealed class VideoEncoder : IVideoEncoder
{
    // x264's word for no keyframe but those asked for.
    private const int InfiniteGop = 1 << 30;

    private readonly AVCodecContextHandle _context;
    private readonly AVFrameHandle _frame;
    private readonly AVPacketHandle _packet = AVPacketHandle.Allocate();
    private readonly PayloadPool _payloads;
    private readonly VideoEncoderSettings _settings;
    private readonly Queue<EncodedSample> _ready = new();

    private VideoEncoder(FFmpegLibrary library, AVCodecContextHandle context, VideoEncoderSettings settings, PayloadPool payloads)
    {
        _context = context;
        _settings = settings;
        _payloads = payloads;
        _frame = AVFrameHandle.Allocate(library.Offsets);
        Track = AvcConfiguration.Describe(context.Extradata, settings);
        Invariant = CodecInvariant.OfAvc(context.Extradata)!.Value;
    }

    public Task Closed => Task.CompletedTask;

    public TrackDescription Track { get; }

    public CodecInvariant Invariant { get; private set; }

    /// <param name="library">The loaded FFmpeg.</param>
    /// <param name="settings">Sizes, rates and colours.</param>
    /// <param name="payloads">Lends the memory that samples are written to.</param>
    /// <param name="label">What errors and logs call it, for example <c>live/demo 720p encode</c>.</param>
    /// <exception cref="CodecException">The encoder is not there or refuses the settings.</exception>
    public static VideoEncoder Open(FFmpegLibrary library, VideoEncoderSettings settings, PayloadPool payloads, string label)
    {
        AVCodecContextHandle? context = null;
        try
        {
            context = AVCodecContextHandle.ForEncoder(library, settings.EncoderName, label);
            Configure(context, settings);
            if (settings.EncoderName == "libx264")
            {
                ConfigureX264(context, settings);
            }

            context.Open();
            return new VideoEncoder(library, context, settings, payloads);
        }
        catch (FFmpegException failed)
        {
            context?.Dispose();
            throw CodecException.OfOpening(failed);
        }
        catch (InvalidDataException withoutHeaders)
        {
            context?.Dispose();
            throw new CodecException(EncoderFault.Refused, withoutHeaders.Message, withoutHeaders);
        }
        catch
        {
            context?.Dispose();
            throw;
        }
    }

    public void Send(Picture picture, bool forceKeyframe)
    {
        if (picture.Width != _settings.Width || picture.Height != _settings.Height || !picture.IsPlanar420)
        {
            throw new ArgumentException(
                $"{_context.Label} got a {picture.Width}x{picture.Height} {picture.PixelFormat} picture but was opened for " +
                $"{_settings.Width}x{_settings.Height} yuv420p: scale pictures to that first.",
                nameof(picture));
        }

        _frame.ReferTo(picture.Frame);
        _frame.Format = AvUtilFunctions.AV_PIX_FMT_YUV420P;
        _frame.Pts = picture.PresentationTime;
        _frame.PictureType = forceKeyframe ? AvUtilFunctions.AV_PICTURE_TYPE_I : AvUtilFunctions.AV_PICTURE_TYPE_NONE;
        try
        {
            while (Accept(AVCodecQueue.Send(_context, _frame)) == AVCodecAnswer.NotNow)
            {
                CollectReady();
            }
        }
        catch (FFmpegException failed)
        {
            throw CodecException.Of(failed);
        }
        finally
        {
            _frame.Release();
        }
    }

    public bool TryReceive([NotNullWhen(true)] out EncodedSample? sample)
    {
        try
        {
            return _ready.TryDequeue(out sample) || TryEncode(out sample);
        }
        catch (FFmpegException failed)
        {
            throw CodecException.Of(failed);
        }
    }

    public void Drain()
    {
        try
        {
            while (AVCodecQueue.EndOfPictures(_context) == AVCodecAnswer.NotNow)
            {
                CollectReady();
            }
        }
        catch (FFmpegException failed)
        {
            throw CodecException.Of(failed);
        }
    }

    public void Dispose()
    {
        while (_ready.TryDequeue(out EncodedSample? sample))
        {
            sample.Dispose();
        }

        _frame.Dispose();
        _packet.Dispose();
        _context.Dispose();
    }

    private static void Configure(AVCodecContextHandle context, VideoEncoderSettings settings)
    {
        context.Width = settings.Width;
        context.Height = settings.Height;
        context.PixelFormat = AvUtilFunctions.AV_PIX_FMT_YUV420P;
        context.SetTimeBase(settings.Timescale);
        context.SetFrameRate(settings.FrameRate.Numerator, settings.FrameRate.Denominator);
        context.SetSampleAspectRatio(settings.SampleAspectRatio.Numerator, settings.SampleAspectRatio.Denominator);
        context.ThreadCount = settings.Threads;
        context.Flags |= AvCodecFunctions.AV_CODEC_FLAG_GLOBAL_HEADER;
        context.ColorRange = settings.Color.IsFullRange ? AvUtilFunctions.AVCOL_RANGE_JPEG : AvUtilFunctions.AVCOL_RANGE_MPEG;
        context.ColorPrimaries = settings.Color.Primaries;
        context.ColorTransfer = settings.Color.Transfer;
        context.ColorSpace = settings.Color.Matrix;
        context.SetOption("chroma_sample_location", settings.Color.ChromaLocation);
        context.SetOption("b", settings.BitrateBps);
        context.SetOption("maxrate", settings.BitrateBps);
        context.SetOption("bufsize", (long)(settings.BitrateBps * settings.BufferSeconds));
        context.SetOption("bf", 0);
        context.SetOption("g", InfiniteGop);
    }

    private static void ConfigureX264(AVCodecContextHandle context, VideoEncoderSettings settings)
    {
        context.SetOption("preset", settings.Preset);
        context.SetOption("tune", "zerolatency");
        if (settings.Profile is { } profile)
        {
            context.SetOption("profile", profile);
        }

        context.SetOption("forced-idr", 1);

        // Preset and tune come before these in the wrapper: scenecut and repeated headers would put keyframes and bytes where nobody asked.
        context.SetOption("x264-params", "scenecut=0:keyint=infinite:repeat-headers=0:open-gop=0:aud=0");
    }

    private AVCodecAnswer Accept(AVCodecAnswer answer) => answer == AVCodecAnswer.Over
        ? throw new InvalidOperationException($"{_context.Label} was drained and takes no more pictures; open another encoder.")
        : answer;

    private bool TryEncode([NotNullWhen(true)] out EncodedSample? sample)
    {
        if (AVCodecQueue.Receive(_context, _packet) != AVCodecAnswer.Done)
        {
            sample = null;
            return false;
        }

        ReadOnlySpan<byte> annexB = _packet.Data;
        if (_packet.IsKeyframe)
        {
            // What stands in the stream is what decoders see, whatever the headers outside of it said.
            Invariant = CodecInvariant.OfAvc(annexB) ?? Invariant;
        }

        PayloadHold payload = _payloads.Rent(NalUnits.MeasureSample(annexB));
        NalUnits.WriteSample(annexB, payload.Writable.Span);
        sample = new EncodedSample(_packet.Pts, _packet.Dts, _packet.IsKeyframe, payload);
        _packet.Clear();
        return true;
    }

    private void CollectReady()
    {
        while (TryEncode(out EncodedSample? sample))
        {
            _ready.Enqueue(sample);
        }
    }
}
