using System.Globalization;
using System.Text;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;

namespace Rivet.Live.Core.Hls;

/// <summary>Writes the master playlist from what the tracks' own inits and segments say (RFC 8216bis 4.4.6).</summary>
internal static class MasterPlaylistWriter
{
    private const string AudioGroup = "audio";

    /// <summary>Newest segments that tell the frame rate.</summary>
    private const int SegmentsLookedAt = 8;

    /// <param name="sessionId">Stands in every URI, so that no cache mixes two lives of a broadcast.</param>
    /// <param name="tracks">What is offered.</param>
    /// <returns>The text; null while nothing can be played.</returns>
    public static string? Write(string sessionId, ListedTracks tracks)
    {
        if (tracks is { Variants: [], Audio: null })
        {
            return null;
        }

        var text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:6\n", 1024);
        if (tracks is { Variants: [], Audio: { } only })
        {
            (long peak, long average) = only.Bandwidth;
            Line(text, $"#EXT-X-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={average},CODECS=\"{only.Track!.Codec}\",SCORE=1.0,STABLE-VARIANT-ID=\"{only.Name}\",CLOSED-CAPTIONS=NONE");
            Line(text, $"{Uri(sessionId, only)}");
            return text.ToString();
        }

        if (tracks.Audio is { } audio)
        {
            Line(text, $"#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"{AudioGroup}\",NAME=\"Main\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"{audio.Track!.Channels}\",STABLE-RENDITION-ID=\"{audio.Name}\",URI=\"{Uri(sessionId, audio)}\"");
        }

        foreach (MediaPlaylistBoard variant in tracks.Variants)
        {
            WriteVariant(text, sessionId, variant, tracks.Audio);
        }

        foreach (MediaPlaylistBoard variant in tracks.Variants)
        {
            TrackDescription track = variant.Track!;
            Line(text, $"#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH={variant.KeyframeBandwidth},CODECS=\"{track.Codec}\",RESOLUTION={track.Width}x{track.Height}{Range(track)},SCORE={Score(variant):0.0},STABLE-VARIANT-ID=\"{variant.Name}-iframes\",URI=\"{sessionId}/{variant.Name}/{MediaName.KeyframePlaylist}\"");
        }

        return text.ToString();
    }

    /// <summary>More lines are better; the publisher's own picture is better than one made of it.</summary>
    public static double Score(MediaPlaylistBoard variant) => variant.Track!.Height + (variant.Name == HlsPresentation.Source ? 0.5 : 0);

    private static void WriteVariant(StringBuilder text, string sessionId, MediaPlaylistBoard variant, MediaPlaylistBoard? audio)
    {
        TrackDescription track = variant.Track!;
        (long peak, long average) = variant.Bandwidth;
        (long audioPeak, long audioAverage) = audio?.Bandwidth ?? (0, 0);
        string codecs = audio is null ? track.Codec : $"{track.Codec},{audio.Track!.Codec}";
        Line(text, $"#EXT-X-STREAM-INF:BANDWIDTH={peak + audioPeak},AVERAGE-BANDWIDTH={average + audioAverage},CODECS=\"{codecs}\",RESOLUTION={track.Width}x{track.Height}{FrameRate(variant)}{Range(track)},SCORE={Score(variant):0.0},STABLE-VARIANT-ID=\"{variant.Name}\"{(audio is null ? "" : $",AUDIO=\"{AudioGroup}\"")},CLOSED-CAPTIONS=NONE");
        Line(text, $"{Uri(sessionId, variant)}");
    }

    private static string Range(TrackDescription track) => VideoRange.Of(track) is { } range ? $",VIDEO-RANGE={range}" : "";

    /// <summary>The median part's: a pause in one of them says nothing of the rest.</summary>
    private static string FrameRate(MediaPlaylistBoard variant)
    {
        double[] frames = [.. NewestWithMedia(variant).SelectMany(static segment => segment.Parts)
            .Select(static part => part.FrameSeconds ?? (double)part.DurationSeconds / part.SampleCount)
            .Where(static seconds => seconds > 0)
            .Order()];
        return frames.Length > 0 ? string.Create(CultureInfo.InvariantCulture, $",FRAME-RATE={1 / frames[frames.Length / 2]:0.000}") : "";
    }

    private static IEnumerable<SegmentView> NewestWithMedia(MediaPlaylistBoard board) =>
        board.Current.Segments.Where(static segment => !segment.Parts.IsEmpty && !segment.IsGap).TakeLast(SegmentsLookedAt);

    private static string Uri(string sessionId, MediaPlaylistBoard board) => $"{sessionId}/{board.Name}/{MediaName.Playlist}";

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
