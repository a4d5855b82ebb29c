using System.Runtime.InteropServices;

namespace Rivet.Live.Core.Native;

/// <summary>An AVCodecContext: one decoder or encoder, configured field by field and then opened. Closed and freed once.</summary>
internal sealed unsafe class AVCodecContextHandle : SafeHandle
{
    private readonly FFmpegLibrary _library;
    private readonly nint _codec;
    private readonly nint _tag;

    private AVCodecContextHandle(FFmpegLibrary library, nint codec, nint context, string label)
        : base(0, ownsHandle: true)
    {
        _library = library;
        _codec = codec;
        Label = label;
        SetHandle(context);
        _tag = library.LogTags.Add(label);
        *(nint*)(Pointer + AVOffsets.ContextOpaque) = _tag;
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>What error texts and FFmpeg's log call this codec.</summary>
    public string Label { get; }

    public int Width { get => Int(Offsets.ContextWidth); set => Int(Offsets.ContextWidth) = value; }

    public int Height { get => Int(Offsets.ContextHeight); set => Int(Offsets.ContextHeight) = value; }

    /// <summary>AVPixelFormat.</summary>
    public int PixelFormat { get => Int(Offsets.ContextPixelFormat); set => Int(Offsets.ContextPixelFormat) = value; }

    public int Flags { get => Int(Offsets.ContextFlags); set => Int(Offsets.ContextFlags) = value; }

    public int ThreadCount { get => Int(Offsets.ContextThreadCount); set => Int(Offsets.ContextThreadCount) = value; }

    public int ThreadType { get => Int(Offsets.ContextThreadType); set => Int(Offsets.ContextThreadType) = value; }

    public int ColorRange { get => Int(Offsets.ContextColorRange); set => Int(Offsets.ContextColorRange) = value; }

    public int ColorPrimaries { get => Int(Offsets.ContextColorPrimaries); set => Int(Offsets.ContextColorPrimaries) = value; }

    public int ColorTransfer { get => Int(Offsets.ContextColorTransfer); set => Int(Offsets.ContextColorTransfer) = value; }

    public int ColorSpace { get => Int(Offsets.ContextColorSpace); set => Int(Offsets.ContextColorSpace) = value; }

    /// <summary>The codec's out-of-band headers.</summary>
    public ReadOnlySpan<byte> Extradata => new(*(byte**)(Pointer + Offsets.ContextExtradata), Int(Offsets.ContextExtradataSize));

    private AVOffsets Offsets => _library.Offsets;

    private byte* Pointer => IsClosed ? throw new ObjectDisposedException(nameof(AVCodecContextHandle)) : (byte*)handle;

    /// <summary>A context for the first of these decoders that this FFmpeg has.</summary>
    public static AVCodecContextHandle ForDecoder(FFmpegLibrary library, ReadOnlySpan<string> names, string label)
    {
        foreach (string name in names)
        {
            nint codec = AvCodecFunctions.avcodec_find_decoder_by_name(name);
            if (codec != 0)
            {
                return Allocate(library, codec, label);
            }
        }

        throw new FFmpegException(
            "avcodec_find_decoder_by_name", AvUtilFunctions.AVERROR_DECODER_NOT_FOUND, $"this FFmpeg has none of the decoders {string.Join(", ", names)}");
    }

    public static AVCodecContextHandle ForEncoder(FFmpegLibrary library, string name, string label)
    {
        nint codec = AvCodecFunctions.avcodec_find_encoder_by_name(name);
        return codec == 0
            ? throw new FFmpegException("avcodec_find_encoder_by_name", AvUtilFunctions.AVERROR_ENCODER_NOT_FOUND, $"this FFmpeg has no encoder {name}")
            : Allocate(library, codec, label);
    }

    /// <summary>Ticks of an encoder's times: 1/<paramref name="timescale"/> s.</summary>
    public void SetTimeBase(int timescale) => SetRatio(Offsets.ContextTimeBase, 1, timescale);

    /// <summary>Ticks of a decoder's packets: 1/<paramref name="timescale"/> s.</summary>
    public void SetPacketTimeBase(int timescale) => SetRatio(Offsets.ContextPacketTimeBase, 1, timescale);

    public void SetFrameRate(int numerator, int denominator) => SetRatio(Offsets.ContextFrameRate, numerator, denominator);

    public void SetSampleAspectRatio(int numerator, int denominator) => SetRatio(Offsets.ContextSampleAspectRatio, numerator, denominator);

    /// <summary>Gives a decoder the headers from the init segment.</summary>
    public void SetExtradata(ReadOnlySpan<byte> extradata)
    {
        void* copy = AvUtilFunctions.av_mallocz((nuint)(extradata.Length + AvCodecFunctions.AV_INPUT_BUFFER_PADDING_SIZE));
        if (copy is null)
        {
            throw new FFmpegException("av_mallocz", AvUtilFunctions.AVERROR_ENOMEM, $"{extradata.Length} bytes of codec configuration");
        }

        extradata.CopyTo(new Span<byte>(copy, extradata.Length));
        *(void**)(Pointer + Offsets.ContextExtradata) = copy;
        Int(Offsets.ContextExtradataSize) = extradata.Length;
    }

    /// <summary>Has a hardware encoder open on this device, or a decoder decode there where it can; it keeps a reference of its own.</summary>
    public void SetHardwareDevice(AVHWDeviceContextHandle device) => SetReference(Offsets.ContextHardwareDevice, device);

    /// <summary>Has a hardware encoder take pictures that lie on these surfaces; it keeps a reference of its own.</summary>
    public void SetHardwareFrames(AVHWFramesContextHandle frames) => SetReference(Offsets.ContextHardwareFrames, frames);

    /// <summary>Sets an option of the codec or of the context by name.</summary>
    public void SetOption(string name, string value) =>
        AvUtilFunctions.Check(AvUtilFunctions.av_opt_set(this, name, value, AvUtilFunctions.AV_OPT_SEARCH_CHILDREN), "av_opt_set", $"{name}={value} for {Label}");

    /// <summary>Sets a number option of the codec or of the context by name.</summary>
    public void SetOption(string name, long value) =>
        AvUtilFunctions.Check(AvUtilFunctions.av_opt_set_int(this, name, value, AvUtilFunctions.AV_OPT_SEARCH_CHILDREN), "av_opt_set_int", $"{name}={value} for {Label}");

    public void Open() => AvUtilFunctions.Check(AvCodecFunctions.avcodec_open2(this, _codec, 0), "avcodec_open2", Label);

    protected override bool ReleaseHandle()
    {
        nint context = handle;
        AvCodecFunctions.avcodec_free_context(&context);
        _library.LogTags.Remove(_tag);
        return true;
    }

    private static AVCodecContextHandle Allocate(FFmpegLibrary library, nint codec, string label)
    {
        nint context = AvCodecFunctions.avcodec_alloc_context3(codec);
        return context == 0
            ? throw new FFmpegException("avcodec_alloc_context3", AvUtilFunctions.AVERROR_ENOMEM, "no memory")
            : new AVCodecContextHandle(library, codec, context, label);
    }

    private ref int Int(int offset) => ref *(int*)(Pointer + offset);

    // avcodec_free_context gives the reference up.
    private void SetReference(int offset, SafeHandle buffer)
    {
        nint reference = AvUtilFunctions.av_buffer_ref(buffer);
        *(nint*)(Pointer + offset) = reference == 0 ? throw new FFmpegException("av_buffer_ref", AvUtilFunctions.AVERROR_ENOMEM, Label) : reference;
    }

    private void SetRatio(int offset, int numerator, int denominator)
    {
        Int(offset) = numerator;
        Int(offset + sizeof(int)) = denominator;
    }
}
