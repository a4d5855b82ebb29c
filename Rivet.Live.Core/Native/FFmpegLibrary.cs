namespace Rivet.Live.Core.Native;

/// <summary>The loaded FFmpeg libraries: what they are, where their struct fields lie, and where their log goes.</summary>
internal sealed class FFmpegLibrary
{
    internal unsafe FFmpegLibrary(FFmpegRelease release)
    {
        Release = release;
        Offsets = AVOffsets.Of(release.Codec);
        Version = AvUtilFunctions.Text(AvUtilFunctions.av_version_info());
        Versions =
        [
            $"libavutil {Dotted(AvUtilFunctions.avutil_version())}",
            $"libavcodec {Dotted(AvCodecFunctions.avcodec_version())}",
            $"libswscale {Dotted(SwScaleFunctions.swscale_version())}",
        ];
        Paths = [.. release.Files.Select(static file => PathOf(file.FileName))];
    }

    public FFmpegRelease Release { get; }

    /// <summary>Major of libavcodec, the number that names the layouts.</summary>
    public int Major => Release.Codec;

    /// <summary>FFmpeg's own version, for example <c>5.1.9-0+deb12u1</c>.</summary>
    public string Version { get; }

    /// <summary>Name and version of each library, for people.</summary>
    public IReadOnlyList<string> Versions { get; }

    /// <summary>File of each library in the order of <see cref="Versions"/>.</summary>
    public IReadOnlyList<string> Paths { get; }

    public AVOffsets Offsets { get; }

    /// <summary>Who may write to FFmpeg's log, by the tag in their codec context.</summary>
    public LogTags LogTags { get; } = new();

    /// <summary>Sends FFmpeg's own messages here from now on; the last caller in a process gets them. Codec threads call it.</summary>
    /// <param name="sink">Gets the <c>AV_LOG_</c> level, the label of the codec concerned (null where unknown) and the text.</param>
    /// <param name="worst">Messages of a higher <c>AV_LOG_</c> number than this are never formatted; 24 is AV_LOG_WARNING.</param>
    public void LogTo(Action<int, string?, string> sink, int worst = AvLog.Warning) => AvLog.LogTo(LogTags, sink, worst);

    public override string ToString() => $"FFmpeg {Version} ({string.Join(", ", Versions)})";

    private static string Dotted(uint version) => $"{version >> 16}.{(version >> 8) & 255}.{version & 255}";

    // The dynamic linker chose the file; the kernel's map of this process knows which.
    private static string PathOf(string fileName)
    {
        const string Maps = "/proc/self/maps";
        string? line = File.Exists(Maps) ? File.ReadLines(Maps).FirstOrDefault(line => line.Contains(fileName, StringComparison.Ordinal)) : null;
        return line is null ? fileName : line[line.IndexOf('/', StringComparison.Ordinal)..];
    }
}
