using System.Runtime.InteropServices;

namespace Rivet.Live.Core.Native;

/// <summary>The functions of libswscale that we call, under their own names.</summary>
internal static unsafe partial class SwScaleFunctions
{
    public const string Library = "swscale";

    public const int SWS_FAST_BILINEAR = 1;
    public const int SWS_BICUBIC = 4;
    public const int SWS_POINT = 16;
    public const int SWS_AREA = 32;

    [LibraryImport(Library)]
    internal static partial uint swscale_version();

    [LibraryImport(Library)]
    internal static partial nint sws_alloc_context();

    [LibraryImport(Library)]
    internal static partial int sws_init_context(SwsContextHandle context, nint sourceFilter, nint destinationFilter);

    [LibraryImport(Library)]
    internal static partial void sws_freeContext(nint context);

    [LibraryImport(Library)]
    internal static partial int sws_scale(
        SwsContextHandle context, byte** source, int* sourceStride, int sourceY, int sourceHeight, byte** destination, int* destinationStride);
}
