using System.Globalization;

namespace Rivet.Live.Core.Hls;

/// <summary>The names of a track's resources, the same in playlists and in requests.</summary>
/// <remarks>
/// A part is named by its number in the track, not by its segment: a hinted part keeps its name when the publisher's next keyframe turns
/// it into the first of the next segment.
/// </remarks>
internal static class MediaName
{
    public const string Master = "master.m3u8";
    public const string Playlist = "playlist.m3u8";
    public const string KeyframePlaylist = "iframes.m3u8";

    public static string OfInit(int number) => string.Create(CultureInfo.InvariantCulture, $"init{number}.mp4");

    public static string OfSegment(long mediaSequence) => string.Create(CultureInfo.InvariantCulture, $"s{mediaSequence}.m4s");

    /// <summary>The first picture of a segment, for the I-frame playlist.</summary>
    public static string OfKeyframe(long mediaSequence) => string.Create(CultureInfo.InvariantCulture, $"i{mediaSequence}.m4s");

    public static string OfPart(long number) => string.Create(CultureInfo.InvariantCulture, $"p{number}.m4s");

    /// <summary>Reads the number of a name like <c>s12.m4s</c>; false for any other name.</summary>
    public static bool TryParse(string name, string prefix, string suffix, out long number)
    {
        number = 0;
        if (!name.StartsWith(prefix, StringComparison.Ordinal) || !name.EndsWith(suffix, StringComparison.Ordinal))
        {
            return false;
        }

        // One name per resource: s012.m4s is not s12.m4s.
        ReadOnlySpan<char> digits = name.AsSpan(prefix.Length, Math.Max(0, name.Length - prefix.Length - suffix.Length));
        return (digits.Length == 1 || !digits.StartsWith("0"))
            && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
