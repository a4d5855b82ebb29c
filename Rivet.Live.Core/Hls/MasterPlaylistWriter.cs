using System.Globalization;
using System.Text;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Hls;

/// <summary>Writes the master playlist from what the tracks' own inits and segments say.</summary>
internal static class MasterPlaylistWriter
{
    private const string AudioGroup = "audio";

    /// <param name="session">Its id stands in every URI, so that no cache mixes two lives of a broadcast.</param>
    /// <param name="sourceListing">Whether the publisher's own video is offered.</param>
    /// <param name="playable">The tracks that have an init and a part.</param>
    /// <returns>The text; null while nothing can be played.</returns>
    public static string? Write(BroadcastSession session, SourceListing sourceListing, IReadOnlyList<MediaPlaylistBoard> playable)
    {
        MediaPlaylistBoard? audio = playable.FirstOrDefault(static board => board.Track!.Kind == TrackKind.Audio);
        List<MediaPlaylistBoard> variants = Variants(session, sourceListing, playable);
        if (variants.Count == 0 && audio is null)
        {
            return null;
        }

        var text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:6\n", 1024);
        if (variants.Count == 0)
        {
            Line(text, $"#EXT-X-STREAM-INF:BANDWIDTH={PeakBitrate(audio!)},AVERAGE-BANDWIDTH={AverageBitrate(audio!)},CODECS=\"{audio!.Track!.Codec}\"");
            Line(text, $"{Uri(session, audio)}");
            return text.ToString();
        }

        if (audio is not null)
        {
            Line(text, $"#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"{AudioGroup}\",NAME=\"Main\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"{audio.Track!.Channels}\",URI=\"{Uri(session, audio)}\"");
        }

        foreach (MediaPlaylistBoard variant in variants)
        {
            WriteVariant(text, session, variant, audio);
        }

        return text.ToString();
    }

    private static List<MediaPlaylistBoard> Variants(
        BroadcastSession session, SourceListing sourceListing, IReadOnlyList<MediaPlaylistBoard> playable)
    {
        List<MediaPlaylistBoard> videos = [.. playable.Where(static board => board.Track!.Kind == TrackKind.Video)];
        bool hasRendition = videos.Exists(static board => board.Name != HlsPresentation.Source);
        bool offersSource = sourceListing switch
        {
            SourceListing.Always => true,
            SourceListing.Never => false,
            _ => session.Grid.SourceFollowsGrid || !hasRendition,
        };
        return [.. videos
            .Where(board => board.Name != HlsPresentation.Source || offersSource)
            .OrderByDescending(PeakBitrate)
            .ThenByDescending(static board => board.Track!.Height)
            .ThenBy(static board => board.Name, StringComparer.Ordinal)];
    }

    private static void WriteVariant(StringBuilder text, BroadcastSession session, MediaPlaylistBoard variant, MediaPlaylistBoard? audio)
    {
        TrackDescription track = variant.Track!;
        long peak = PeakBitrate(variant) + (audio is null ? 0 : PeakBitrate(audio));
        long average = AverageBitrate(variant) + (audio is null ? 0 : AverageBitrate(audio));
        string codecs = audio is null ? track.Codec : $"{track.Codec},{audio.Track!.Codec}";
        Line(text, $"#EXT-X-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={average},CODECS=\"{codecs}\",RESOLUTION={track.Width}x{track.Height}{FrameRate(variant)}{(audio is null ? "" : $",AUDIO=\"{AudioGroup}\"")},CLOSED-CAPTIONS=NONE");
        Line(text, $"{Uri(session, variant)}");
    }

    /// <summary>
    /// Samples over duration of the median part: muxers stretch a broadcast's first sample, and a part that ends a segment may be short.
    /// </summary>
    private static string FrameRate(MediaPlaylistBoard variant)
    {
        double[] rates = [.. Measured(variant).SelectMany(static segment => segment.Parts)
            .Where(static part => part.DurationTicks > 0)
            .Select(static part => part.SampleCount / part.DurationSeconds)
            .Order()];
        return rates.Length > 0 ? string.Create(CultureInfo.InvariantCulture, $",FRAME-RATE={rates[rates.Length / 2]:0.000}") : "";
    }

    private static long PeakBitrate(MediaPlaylistBoard board) => (long)Math.Ceiling(Measured(board).Select(static segment => segment.BitsPerSecond).DefaultIfEmpty(1).Max());

    private static long AverageBitrate(MediaPlaylistBoard board)
    {
        SegmentView[] segments = Measured(board);
        double seconds = segments.Sum(static segment => segment.DurationSeconds);
        return seconds > 0 ? (long)Math.Ceiling(segments.Sum(static segment => segment.Bytes) * 8 / seconds) : 1;
    }

    /// <summary>Complete segments; while there is none, what there is of the first.</summary>
    private static SegmentView[] Measured(MediaPlaylistBoard board)
    {
        SegmentView[] withMedia = [.. board.Current.Segments.Where(static segment => segment.PartCount > 0)];
        SegmentView[] complete = [.. withMedia.Where(static segment => segment.IsComplete)];
        return complete.Length > 0 ? complete : withMedia;
    }

    private static string Uri(BroadcastSession session, MediaPlaylistBoard board) => $"{session.SessionId}/{board.Name}/{MediaName.Playlist}";

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
