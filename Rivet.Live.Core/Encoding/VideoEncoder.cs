using System.Diagnostics.CodeAnalysis;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>Turns pictures into samples: one in, one out, keyframes only where they are asked for. For one caller at a time.</summary>
internal sealed class VideoEncoder : IVideoEncoder
{
    // No keyframe but those asked for.
    private const int InfiniteGop = 1 << 30;

    /// <summary>For encoders that count in 16 bits. Each keyframe that is asked for begins a GOP, so this end is never reached.</summary>
    internal const int LongestGop = ushort.MaxValue;

    private readonly AVCodecContextHandle _context;
    private readonly EncoderInput _input;
    private readonly AVFrameHandle _frame;
    private readonly AVPacketHandle _packet = AVPacketHandle.Allocate();
    private readonly EncodedStream _stream;
    private readonly VideoEncoderSettings _settings;
    private readonly Queue<EncodedSample> _ready = new();

    private VideoEncoder(FFmpegLibrary library, AVCodecContextHandle context, EncoderInput input, VideoEncoderSettings settings, PayloadPool payloads)
    {
        _context = context;
        _input = input;
        _settings = settings;
        _stream = new EncodedStream(settings, payloads);
        _frame = AVFrameHandle.Allocate(library.Offsets);
        if (settings.Codec != VideoCodec.Av1 && !context.Extradata.IsEmpty)
        {
            _stream.ReadHeaders(context.Extradata);
        }
    }

    public Task Closed => Task.CompletedTask;

    public TrackDescription? Track => _stream.Track;

    public CodecInvariant? Invariant => _stream.Invariant;

    /// <param name="library">The loaded FFmpeg.</param>
    /// <param name="settings">Sizes, rates and colours.</param>
    /// <param name="payloads">Lends the memory that samples are written to.</param>
    /// <param name="label">What errors and logs call it, for example <c>live/demo 720p encode</c>.</param>
    /// <exception cref="CodecException">The encoder is not there or refuses the settings.</exception>
    public static VideoEncoder Open(FFmpegLibrary library, VideoEncoderSettings settings, PayloadPool payloads, string label)
    {
        AVCodecContextHandle? context = null;
        EncoderInput? input = null;
        try
        {
            context = AVCodecContextHandle.ForEncoder(library, settings.EncoderName, label);
            Configure(context, settings);
            input = EncoderInput.Open(library, settings, context);
            context.Open();
            return new VideoEncoder(library, context, input, settings, payloads);
        }
        catch (FFmpegException failed)
        {
            input?.Dispose();
            context?.Dispose();
            throw CodecException.OfOpening(failed, settings.Node);
        }
        catch
        {
            input?.Dispose();
            context?.Dispose();
            throw;
        }
    }

    public void Send(Picture picture, bool forceKeyframe)
    {
        _settings.Require(picture, _context.Label);
        try
        {
            _input.Load(picture, _frame);
            _frame.Pts = picture.PresentationTime;
            _frame.PictureType = forceKeyframe ? AvUtilFunctions.AV_PICTURE_TYPE_I : AvUtilFunctions.AV_PICTURE_TYPE_NONE;
            while (Accept(AVCodecQueue.Send(_context, _frame)) == AVCodecAnswer.NotNow)
            {
                RequireReady();
            }
        }
        catch (FFmpegException failed)
        {
            throw CodecException.OfEncoding(failed);
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
            throw CodecException.OfEncoding(failed);
        }
    }

    public void Drain()
    {
        try
        {
            while (AVCodecQueue.EndOfPictures(_context) == AVCodecAnswer.NotNow)
            {
                RequireReady();
            }
        }
        catch (FFmpegException failed)
        {
            throw CodecException.OfEncoding(failed);
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
        _input.Dispose();
    }

    private static void Configure(AVCodecContextHandle context, VideoEncoderSettings settings)
    {
        context.Width = settings.Width;
        context.Height = settings.Height;
        context.SetTimeBase(settings.Timescale);
        context.SetFrameRate(settings.FrameRate.Numerator, settings.FrameRate.Denominator);
        context.SetSampleAspectRatio(settings.SampleAspectRatio.Numerator, settings.SampleAspectRatio.Denominator);
        context.Flags |= AvCodecFunctions.AV_CODEC_FLAG_GLOBAL_HEADER;
        context.ColorRange = settings.Color.IsFullRange ? AvUtilFunctions.AVCOL_RANGE_JPEG : AvUtilFunctions.AVCOL_RANGE_MPEG;
        context.ColorPrimaries = settings.Color.Primaries;
        context.ColorTransfer = settings.Color.Transfer;
        context.ColorSpace = settings.Color.Matrix;
        context.SetOption("chroma_sample_location", settings.Color.ChromaLocation);
        context.SetOption("bf", 0);
        context.SetOption("g", InfiniteGop);
        switch (settings.Api, settings.Codec)
        {
            case (EncoderApi.Nvenc, _):
                NvencOptions.Apply(context, settings);
                break;
            case (EncoderApi.Qsv, _):
                QsvOptions.Apply(context, settings);
                break;
            case (EncoderApi.Vaapi, _):
                VaapiOptions.Apply(context, settings);
                break;
            case (_, VideoCodec.H264):
                X264Options.Apply(context, settings);
                break;
            case (_, VideoCodec.Hevc):
                X265Options.Apply(context, settings);
                break;
            default:
                AomOptions.Apply(context, settings);
                break;
        }

        foreach (EncoderOption option in settings.Options.Where(option => option.Name != settings.ParametersName))
        {
            context.SetOption(option.Name, option.Value);
        }
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

        sample = new EncodedSample(_packet.Pts, _packet.Dts, _packet.IsKeyframe, _stream.Take(_packet.Data, _packet.IsKeyframe));
        _packet.Clear();
        return true;
    }

    /// <summary>Makes room in an encoder that takes nothing until something is taken from it.</summary>
    /// <exception cref="CodecException">There is nothing to take: NVENC answers so for ever once it was busy too often.</exception>
    private void RequireReady()
    {
        if (!TryEncode(out EncodedSample? sample))
        {
            throw new CodecException($"{_context.Label} takes no picture and gives no sample.");
        }

        _ready.Enqueue(sample);
    }
}
