using System.Runtime.InteropServices;

namespace Rivet.Live.Core.Native;

/// <summary>The functions of libavutil that we call, under their own names.</summary>
internal static unsafe partial class AvUtilFunctions
{
    public const string Library = "avutil";

    public const int AVERROR_ENOENT = -2;
    public const int AVERROR_EIO = -5;
    public const int AVERROR_EAGAIN = -11;
    public const int AVERROR_ENOMEM = -12;
    public const int AVERROR_EBUSY = -16;
    public const int AVERROR_ENODEV = -19;
    public const int AVERROR_EINVAL = -22;
    public const int AVERROR_ERANGE = -34;
    public const int AVERROR_ENOSYS = -38;
    public const int AVERROR_EOF = -541478725;
    public const int AVERROR_INVALIDDATA = -1094995529;
    public const int AVERROR_ENCODER_NOT_FOUND = -1129203192;
    public const int AVERROR_DECODER_NOT_FOUND = -1128613112;
    public const long AV_NOPTS_VALUE = long.MinValue;
    public const int AV_OPT_SEARCH_CHILDREN = 1;
    public const int AV_PIX_FMT_YUV420P = 0;
    public const int AV_PIX_FMT_YUVJ420P = 12;
    public const int AV_PIX_FMT_NV12 = 23;
    public const int AV_PICTURE_TYPE_NONE = 0;
    public const int AV_PICTURE_TYPE_I = 1;
    public const int AV_FRAME_FLAG_KEY = 2;
    public const int AV_HWDEVICE_TYPE_NONE = 0;
    public const int AV_CUDA_USE_PRIMARY_CONTEXT = 1;
    public const int AVCOL_RANGE_MPEG = 1;
    public const int AVCOL_RANGE_JPEG = 2;

    [LibraryImport(Library)]
    internal static partial uint avutil_version();

    [LibraryImport(Library)]
    internal static partial byte* av_version_info();

    [LibraryImport(Library)]
    internal static partial int av_strerror(int errnum, byte* errbuf, nuint errbufSize);

    [LibraryImport(Library)]
    internal static partial byte* av_get_pix_fmt_name(int format);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int av_get_pix_fmt(string name);

    /// <summary>An AVPixFmtDescriptor.</summary>
    [LibraryImport(Library)]
    internal static partial byte* av_pix_fmt_desc_get(int format);

    [LibraryImport(Library)]
    internal static partial void* av_mallocz(nuint size);

    [LibraryImport(Library)]
    internal static partial nint av_frame_alloc();

    [LibraryImport(Library)]
    internal static partial void av_frame_free(nint* frame);

    [LibraryImport(Library)]
    internal static partial int av_frame_ref(AVFrameHandle dst, AVFrameHandle src);

    [LibraryImport(Library)]
    internal static partial void av_frame_unref(AVFrameHandle frame);

    [LibraryImport(Library)]
    internal static partial int av_frame_get_buffer(AVFrameHandle frame, int align);

    [LibraryImport(Library)]
    internal static partial int av_frame_is_writable(AVFrameHandle frame);

    [LibraryImport(Library)]
    internal static partial int av_frame_copy_props(AVFrameHandle dst, AVFrameHandle src);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int av_opt_set(SafeHandle obj, string name, string value, int searchFlags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int av_opt_set_int(SafeHandle obj, string name, long value, int searchFlags);

    [LibraryImport(Library)]
    internal static partial nint av_buffer_ref(SafeHandle buffer);

    [LibraryImport(Library)]
    internal static partial void av_buffer_unref(nint* buffer);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int av_hwdevice_find_type_by_name(string name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int av_hwdevice_ctx_create(nint* deviceContext, int type, string? device, nint options, int flags);

    [LibraryImport(Library)]
    internal static partial int av_hwdevice_ctx_create_derived(nint* derivedContext, int type, AVHWDeviceContextHandle sourceContext, int flags);

    [LibraryImport(Library)]
    internal static partial nint av_hwframe_ctx_alloc(AVHWDeviceContextHandle deviceContext);

    [LibraryImport(Library)]
    internal static partial int av_hwframe_ctx_init(AVHWFramesContextHandle framesContext);

    [LibraryImport(Library)]
    internal static partial int av_hwframe_get_buffer(AVHWFramesContextHandle framesContext, AVFrameHandle frame, int flags);

    [LibraryImport(Library)]
    internal static partial int av_hwframe_transfer_data(AVFrameHandle dst, AVFrameHandle src, int flags);

    [LibraryImport(Library)]
    internal static partial void av_log_set_callback(delegate* unmanaged[Cdecl]<void*, int, byte*, void*, void> callback);

    [LibraryImport(Library)]
    internal static partial int av_log_format_line2(
        void* ptr, int level, byte* format, void* arguments, byte* line, int lineSize, int* printPrefix);

    /// <summary>FFmpeg's own words for an AVERROR number.</summary>
    internal static string Describe(int error)
    {
        byte* text = stackalloc byte[128];
        _ = av_strerror(error, text, 128);
        return Text(text);
    }

    /// <summary>Turns a negative status into an exception that names the call.</summary>
    internal static int Check(int status, string call, string detail) =>
        status < 0 ? throw new FFmpegException(call, status, detail) : status;

    /// <summary>The name of a pixel format, for people.</summary>
    internal static string PixelFormatName(int format)
    {
        byte* name = av_get_pix_fmt_name(format);
        return name is null ? $"pixel format {format}" : Text(name);
    }

    internal static string Text(byte* zeroTerminated) =>
        System.Text.Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(zeroTerminated));
}
