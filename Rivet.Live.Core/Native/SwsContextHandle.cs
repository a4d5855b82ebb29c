using System.Runtime.InteropServices;

namespace Rivet.Live.Core.Native;

/// <summary>A SwsContext: libswscale set up for one pair of sizes and formats.</summary>
internal sealed unsafe class SwsContextHandle : SafeHandle
{
    private const int Planes = 4;

    // In 1/256 of a pixel.
    private const int ChromaCenter = 128;

    private SwsContextHandle(nint context)
        : base(0, ownsHandle: true) => SetHandle(context);

    public override bool IsInvalid => handle == 0;

    /// <summary>Sets up scaling from a picture's size and format to another.</summary>
    /// <param name="source">A picture of the kind that will come.</param>
    /// <param name="width">Width of the output.</param>
    /// <param name="height">Height of the output.</param>
    /// <param name="format">AVPixelFormat of the output.</param>
    /// <param name="flags">One of the SWS_ scalers.</param>
    /// <param name="isFullRange">True where samples use all 256 values, on both sides.</param>
    /// <param name="isChromaCentered">True where chroma samples sit between pixels, false where they sit on the left one.</param>
    public static SwsContextHandle Open(AVFrameHandle source, int width, int height, int format, int flags, bool isFullRange, bool isChromaCentered)
    {
        nint context = SwScaleFunctions.sws_alloc_context();
        if (context == 0)
        {
            throw new FFmpegException("sws_alloc_context", AvUtilFunctions.AVERROR_ENOMEM, "no memory");
        }

        SwsContextHandle handle = new(context);
        try
        {
            handle.Set("srcw", source.Width);
            handle.Set("srch", source.Height);
            handle.Set("src_format", source.Format);
            handle.Set("dstw", width);
            handle.Set("dsth", height);
            handle.Set("dst_format", format);
            handle.Set("sws_flags", flags);
            handle.Set("src_range", isFullRange ? 1 : 0);
            handle.Set("dst_range", isFullRange ? 1 : 0);
            handle.Set("src_h_chr_pos", isChromaCentered ? ChromaCenter : 0);
            handle.Set("dst_h_chr_pos", isChromaCentered ? ChromaCenter : 0);
            string what = $"{source.Width}x{source.Height} {AvUtilFunctions.PixelFormatName(source.Format)} to {width}x{height} {AvUtilFunctions.PixelFormatName(format)}";
            AvUtilFunctions.Check(SwScaleFunctions.sws_init_context(handle, 0, 0), "sws_init_context", what);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public void Scale(AVFrameHandle source, AVFrameHandle destination)
    {
        byte** from = stackalloc byte*[Planes];
        byte** to = stackalloc byte*[Planes];
        int* fromStride = stackalloc int[Planes];
        int* toStride = stackalloc int[Planes];
        for (int plane = 0; plane < Planes; plane++)
        {
            from[plane] = ((byte**)(source.Pointer + AVOffsets.FrameData))[plane];
            to[plane] = ((byte**)(destination.Pointer + AVOffsets.FrameData))[plane];
            fromStride[plane] = source.Stride(plane);
            toStride[plane] = destination.Stride(plane);
        }

        AvUtilFunctions.Check(SwScaleFunctions.sws_scale(this, from, fromStride, 0, source.Height, to, toStride), "sws_scale", "scaling a picture");
        GC.KeepAlive(source);
        GC.KeepAlive(destination);
    }

    protected override bool ReleaseHandle()
    {
        SwScaleFunctions.sws_freeContext(handle);
        return true;
    }

    private void Set(string option, long value) => AvUtilFunctions.Check(AvUtilFunctions.av_opt_set_int(this, option, value, 0), "av_opt_set_int", $"{option}={value}");
}
