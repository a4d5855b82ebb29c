namespace Rivet.Live.Core.Native;

/// <summary>Finds and loads the system's FFmpeg libraries.</summary>
/// <param name="forcedMajor">Take libavcodec of exactly this major; null takes the newest that is complete.</param>
internal sealed class FFmpegLoader(int? forcedMajor = null)
{
    private const string Install = "apt-get install libavcodec-extra";

    /// <exception cref="FFmpegMissingException">Nothing usable is installed.</exception>
    public FFmpegLibrary Load()
    {
        FFmpegRelease[] releases = [.. FFmpegRelease.Known.Where(release => forcedMajor is null || release.Codec == forcedMajor)];
        if (releases.Length == 0)
        {
            string known = string.Join(", ", FFmpegRelease.Known.Select(static release => release.Codec));
            throw new FFmpegMissingException($"libavcodec major {forcedMajor} was asked for, but only the layouts of {known} are known: ask for one of those.");
        }

        List<string> tried = [];
        FFmpegRelease? release = LoadedLibraries.OfProcess.TryLoad(releases, tried);
        if (release is null)
        {
            throw new FFmpegMissingException(
                $"No complete set of FFmpeg libraries was found. Tried: {string.Join(", ", tried)} (libavutil first, then its siblings). " +
                $"Install them with: {Install}");
        }

        int seen = (int)(AvCodecFunctions.avcodec_version() >> 16);
        if (seen != release.Codec)
        {
            throw new FFmpegMissingException(
                $"libavcodec.so.{release.Codec} calls itself version {seen}, so its structs cannot be trusted. Reinstall it with: {Install}");
        }

        return new FFmpegLibrary(release);
    }
}
