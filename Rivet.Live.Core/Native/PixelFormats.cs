namespace Rivet.Live.Core.Native;

/// <summary>Numbers of pixel formats that move between FFmpeg's releases.</summary>
internal static class PixelFormats
{
    /// <summary>Planar 4:2:0 with 10 bits in two bytes, the low one first.</summary>
    public static int Yuv420P10 { get; } = AvUtilFunctions.av_get_pix_fmt("yuv420p10le");

    /// <summary>4:2:0 with interleaved chroma and 10 bits in the upper part of two bytes.</summary>
    public static int P010 { get; } = AvUtilFunctions.av_get_pix_fmt("p010le");

    /// <summary>A surface of VA-API.</summary>
    public static int Vaapi { get; } = AvUtilFunctions.av_get_pix_fmt("vaapi");

    /// <summary>4:2:0 with interleaved chroma, of a depth that we encode.</summary>
    public static int InterleavedOf(int bitDepth) => bitDepth == 8 ? AvUtilFunctions.AV_PIX_FMT_NV12 : P010;

    /// <summary>Planar 4:2:0 of a depth that we encode.</summary>
    public static int PlanarOf(int bitDepth) => bitDepth switch
    {
        8 => AvUtilFunctions.AV_PIX_FMT_YUV420P,
        10 => Yuv420P10,
        _ => throw new ArgumentOutOfRangeException(nameof(bitDepth), bitDepth, "8 and 10 bits are encoded."),
    };

    /// <summary>True for surfaces of a device, whose pixels are not in memory.</summary>
    public static unsafe bool IsOnDevice(int format)
    {
        const int FlagsOffset = 16;
        const long HardwareFlag = 1 << 3;
        byte* descriptor = AvUtilFunctions.av_pix_fmt_desc_get(format);
        return descriptor is not null && (*(long*)(descriptor + FlagsOffset) & HardwareFlag) != 0;
    }

    /// <summary>Bits of a luma sample; 8 for a format that this FFmpeg does not know.</summary>
    public static unsafe int BitDepthOf(int format)
    {
        // AVPixFmtDescriptor: a name, four bytes, flags, and the first component, whose last field is its depth.
        const int DepthOffset = 40;
        byte* descriptor = AvUtilFunctions.av_pix_fmt_desc_get(format);
        return descriptor is null ? 8 : *(int*)(descriptor + DepthOffset);
    }
}
