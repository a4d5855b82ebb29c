using System.Text.RegularExpressions;

namespace Rivet.Live.Endpoints;

/// <summary>Tells the name of a broadcast from the name of an object inside one.</summary>
internal static partial class IngestPath
{
    /// <summary>True where the last segment has the ending of a media object or manifest, or reads <c>Streams(NAME)</c>.</summary>
    public static bool NamesAnObject(string? path) => path is not null && ObjectName().IsMatch(path);

    [GeneratedRegex(@"/(Streams\([^/]*\)|[^/]*\.(mp4|m4s|m4v|m4a|cmfv|cmfa|cmft|init|mpd|m3u8))\z", RegexOptions.CultureInvariant)]
    private static partial Regex ObjectName();
}
