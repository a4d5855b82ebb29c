using System.Runtime.InteropServices;

namespace Rivet.Live.Core.Native;

/// <summary>A reference to an AVHWFramesContext: surfaces of one size and format on a device, as many as are in use.</summary>
internal sealed unsafe class AVHWFramesContextHandle : SafeHandle
{
    private AVHWFramesContextHandle(nint reference)
        : base(0, ownsHandle: true) => SetHandle(reference);

    public override bool IsInvalid => handle == 0;

    /// <param name="offsets">Of the loaded libraries.</param>
    /// <param name="device">Where the surfaces lie.</param>
    /// <param name="format">AVPixelFormat that says so.</param>
    /// <param name="softwareFormat">AVPixelFormat of what is in them.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    public static AVHWFramesContextHandle Open(AVOffsets offsets, AVHWDeviceContextHandle device, int format, int softwareFormat, int width, int height)
    {
        nint reference = AvUtilFunctions.av_hwframe_ctx_alloc(device);
        if (reference == 0)
        {
            throw new FFmpegException("av_hwframe_ctx_alloc", AvUtilFunctions.AVERROR_ENOMEM, "no memory");
        }

        AVHWFramesContextHandle frames = new(reference);
        byte* context = *(byte**)((byte*)reference + AVOffsets.BufferData);
        *(int*)(context + offsets.FramesFormat) = format;
        *(int*)(context + offsets.FramesSoftwareFormat) = softwareFormat;
        *(int*)(context + offsets.FramesWidth) = width;
        *(int*)(context + offsets.FramesHeight) = height;
        int status = AvUtilFunctions.av_hwframe_ctx_init(frames);
        if (status < 0)
        {
            frames.Dispose();
            throw new FFmpegException(
                "av_hwframe_ctx_init", status, $"{width}x{height} {AvUtilFunctions.PixelFormatName(softwareFormat)} as {AvUtilFunctions.PixelFormatName(format)}");
        }

        return frames;
    }

    /// <summary>A surface with the picture's pixels and properties; they are copied when this returns.</summary>
    /// <param name="picture">In memory, of the surfaces' size and format.</param>
    /// <param name="surface">Stands on the surface from now on, and on nothing else.</param>
    public void Upload(AVFrameHandle picture, AVFrameHandle surface)
    {
        surface.Release();
        AvUtilFunctions.Check(AvUtilFunctions.av_hwframe_get_buffer(this, surface, 0), "av_hwframe_get_buffer", "a surface for a picture");
        AvUtilFunctions.Check(AvUtilFunctions.av_hwframe_transfer_data(surface, picture, 0), "av_hwframe_transfer_data", "uploading a picture");
        surface.CopyPropertiesFrom(picture);
    }

    protected override bool ReleaseHandle()
    {
        nint reference = handle;
        AvUtilFunctions.av_buffer_unref(&reference);
        return true;
    }
}
