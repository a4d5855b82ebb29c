namespace Rivet.Live.Core.Native;

/// <summary>Which library majors belong to one FFmpeg release family; libraries of two families must never be mixed.</summary>
/// <param name="Family">For people: <c>5.x</c>.</param>
/// <param name="Codec">Major of libavcodec.</param>
/// <param name="Util">Major of libavutil.</param>
/// <param name="Scale">Major of libswscale.</param>
internal sealed record FFmpegRelease(string Family, int Codec, int Util, int Scale)
{
    /// <summary>Every family whose layouts are known, newest first.</summary>
    public static IReadOnlyList<FFmpegRelease> Known { get; } =
    [
        new("9.x", 63, 61, 10),
        new("8.x", 62, 60, 9),
        new("7.x", 61, 59, 8),
        new("6.x", 60, 58, 7),
        new("5.x", 59, 57, 6),
    ];

    /// <summary>File names as the dynamic linker knows them, keyed by the name used in LibraryImport. libavutil first: the others need it.</summary>
    public IReadOnlyList<(string Import, string FileName)> Files =>
    [
        (AvUtilFunctions.Library, $"libavutil.so.{Util}"),
        (AvCodecFunctions.Library, $"libavcodec.so.{Codec}"),
        (SwScaleFunctions.Library, $"libswscale.so.{Scale}"),
    ];
}
