using System.Runtime.InteropServices;

namespace Rivet.Live.Core.Native;

/// <summary>The functions of libavcodec that we call, under their own names.</summary>
internal static unsafe partial class AvCodecFunctions
{
    public const string Library = "avcodec";

    public const int AV_CODEC_FLAG_QSCALE = 2;
    public const int AV_CODEC_FLAG_GLOBAL_HEADER = 4194304;
    public const int AV_CODEC_FLAG_LOW_DELAY = 524288;
    public const int AV_PKT_FLAG_KEY = 1;
    public const int AV_INPUT_BUFFER_PADDING_SIZE = 64;
    public const int FF_THREAD_FRAME = 1;
    public const int FF_THREAD_SLICE = 2;

    [LibraryImport(Library)]
    internal static partial uint avcodec_version();

    [LibraryImport(Library)]
    internal static partial void* avcodec_get_class();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint avcodec_find_decoder_by_name(string name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint avcodec_find_encoder_by_name(string name);

    [LibraryImport(Library)]
    internal static partial nint avcodec_alloc_context3(nint codec);

    [LibraryImport(Library)]
    internal static partial void avcodec_free_context(nint* context);

    [LibraryImport(Library)]
    internal static partial int avcodec_open2(AVCodecContextHandle context, nint codec, nint options);

    [LibraryImport(Library)]
    internal static partial int avcodec_send_packet(AVCodecContextHandle context, AVPacketHandle packet);

    /// <summary>With a null packet: end of stream.</summary>
    [LibraryImport(Library)]
    internal static partial int avcodec_send_packet(AVCodecContextHandle context, nint packet);

    [LibraryImport(Library)]
    internal static partial int avcodec_receive_frame(AVCodecContextHandle context, AVFrameHandle frame);

    [LibraryImport(Library)]
    internal static partial int avcodec_send_frame(AVCodecContextHandle context, AVFrameHandle frame);

    /// <summary>With a null frame: end of stream.</summary>
    [LibraryImport(Library)]
    internal static partial int avcodec_send_frame(AVCodecContextHandle context, nint frame);

    [LibraryImport(Library)]
    internal static partial int avcodec_receive_packet(AVCodecContextHandle context, AVPacketHandle packet);

    [LibraryImport(Library)]
    internal static partial void avcodec_flush_buffers(AVCodecContextHandle context);

    [LibraryImport(Library)]
    internal static partial nint av_packet_alloc();

    [LibraryImport(Library)]
    internal static partial void av_packet_free(nint* packet);

    [LibraryImport(Library)]
    internal static partial void av_packet_unref(AVPacketHandle packet);

    [LibraryImport(Library)]
    internal static partial int av_new_packet(AVPacketHandle packet, int size);
}
