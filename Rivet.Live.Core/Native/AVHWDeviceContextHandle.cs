using System.Runtime.InteropServices;

namespace Rivet.Live.Core.Native;

/// <summary>A reference to an AVHWDeviceContext: one opened device. It is closed with the last reference, of which encoders and surfaces have their own.</summary>
internal sealed unsafe class AVHWDeviceContextHandle : SafeHandle
{
    private AVHWDeviceContextHandle(nint reference)
        : base(0, ownsHandle: true) => SetHandle(reference);

    public override bool IsInvalid => handle == 0;

    /// <summary>Opens a device; a driver may take seconds, or hang.</summary>
    /// <param name="type">FFmpeg's name of its kind: <c>cuda</c>, <c>vaapi</c> …</param>
    /// <param name="address">Which one, as that kind counts them: a number, or a file; null for the first.</param>
    /// <param name="flags">That kind's own.</param>
    public static AVHWDeviceContextHandle Open(string type, string? address, int flags = 0)
    {
        nint reference = 0;
        AvUtilFunctions.Check(
            AvUtilFunctions.av_hwdevice_ctx_create(&reference, TypeOf(type), address, 0, flags), "av_hwdevice_ctx_create", $"{type} {address}");
        return new AVHWDeviceContextHandle(reference);
    }

    /// <summary>The same device as another kind sees it.</summary>
    public AVHWDeviceContextHandle Derive(string type)
    {
        nint reference = 0;
        AvUtilFunctions.Check(AvUtilFunctions.av_hwdevice_ctx_create_derived(&reference, TypeOf(type), this, 0), "av_hwdevice_ctx_create_derived", type);
        return new AVHWDeviceContextHandle(reference);
    }

    protected override bool ReleaseHandle()
    {
        nint reference = handle;
        AvUtilFunctions.av_buffer_unref(&reference);
        return true;
    }

    private static int TypeOf(string name)
    {
        int type = AvUtilFunctions.av_hwdevice_find_type_by_name(name);
        return type == AvUtilFunctions.AV_HWDEVICE_TYPE_NONE
            ? throw new FFmpegException("av_hwdevice_find_type_by_name", AvUtilFunctions.AVERROR_ENOSYS, $"this FFmpeg knows no {name} devices")
            : type;
    }
}
