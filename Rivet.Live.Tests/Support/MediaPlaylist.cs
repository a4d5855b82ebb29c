using System.Globalization;

namespace Rivet.Live.Tests.Support;

/// <summary>A media playlist as a player reads it.</summary>
/// <param name="Uri">Where it came from.</param>
/// <param name="Text">As it came.</param>
/// <param name="Segments">Those that are complete, from the first with media: the gaps that a broadcast begins with are left out.</param>
/// <param name="NextMediaSequence">Number of the segment that grows, or would.</param>
/// <param name="NextPart">Parts that it has so far.</param>
/// <param name="IsEnded">EXT-X-ENDLIST.</param>
internal sealed record MediaPlaylist(
    Uri Uri, string Text, IReadOnlyList<ListedSegment> Segments, long NextMediaSequence, int NextPart, bool IsEnded)
{
    /// <summary>Media in complete segments, in seconds.</summary>
    public double Seconds => Segments.Sum(static segment => segment.Seconds);

    /// <summary>A reload of this is held until the next part exists.</summary>
    public Uri NextReload => new(Uri, $"?_HLS_msn={NextMediaSequence}&_HLS_part={NextPart}");

    public static MediaPlaylist Parse(Uri uri, string text)
    {
        List<ListedSegment> segments = [];
        long mediaSequence = 0;
        int parts = 0;
        Uri? map = null;
        double seconds = 0;
        DateTimeOffset wallClock = default;
        bool isDiscontinuity = false;
        bool isGap = false;
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string value = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..];
            switch (line.Split(':')[0])
            {
                case "#EXT-X-MEDIA-SEQUENCE":
                    mediaSequence = long.Parse(value, CultureInfo.InvariantCulture);
                    break;
                case "#EXT-X-MAP":
                    map = new Uri(uri, value.Split('"')[1]);
                    break;
                case "#EXT-X-PROGRAM-DATE-TIME":
                    wallClock = DateTimeOffset.Parse(value, CultureInfo.InvariantCulture);
                    break;
                case "#EXT-X-DISCONTINUITY":
                    isDiscontinuity = true;
                    break;
                case "#EXT-X-GAP":
                    isGap = true;
                    break;
                case "#EXT-X-PART":
                    parts++;
                    break;
                case "#EXTINF":
                    seconds = double.Parse(value.Split(',')[0], CultureInfo.InvariantCulture);
                    break;
                default:
                    if (!line.StartsWith('#'))
                    {
                        segments.Add(new ListedSegment(
                            mediaSequence + segments.Count, new Uri(uri, line), map!, seconds, wallClock, isDiscontinuity, isGap));
                        parts = 0;
                        isDiscontinuity = false;
                        isGap = false;
                    }

                    break;
            }
        }

        return new MediaPlaylist(
            uri, text, [.. segments.SkipWhile(static segment => segment.IsGap)], mediaSequence + segments.Count, parts, text.Contains("#EXT-X-ENDLIST", StringComparison.Ordinal));
    }
}
