using System.Globalization;
using System.Text;
using Rivet.Live.Core.Packaging;

namespace Rivet.Live.Core.Hls;

/// <summary>Writes a media playlist's text (RFC 8216bis section 4.4).</summary>
internal static class MediaPlaylistWriter
{
    /// <param name="plan">What never changes.</param>
    /// <param name="burstSeconds">Seconds of media that the publisher sends at once.</param>
    /// <param name="snapshot">The state to show.</param>
    /// <param name="reports">Every other media playlist of the broadcast, by track, with its newest part.</param>
    public static string Write(
        HlsPlan plan, double burstSeconds, PlaylistSnapshot snapshot, IEnumerable<(string Track, PlaylistPosition Last)> reports)
    {
        var text = new StringBuilder(4096);
        text.Append("#EXTM3U\n#EXT-X-VERSION:9\n");
        Line(text, $"#EXT-X-TARGETDURATION:{plan.TargetDurationSeconds}");
        Line(text, $"#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK={plan.PartHoldBackSeconds(burstSeconds):0.0####},HOLD-BACK={plan.HoldBackSeconds:0.0}");
        Line(text, $"#EXT-X-PART-INF:PART-TARGET={plan.PartSeconds:0.0####}");
        Line(text, $"#EXT-X-MEDIA-SEQUENCE:{snapshot.Segments.FirstOrDefault()?.Head.MediaSequence ?? 0}");
        Line(text, $"#EXT-X-DISCONTINUITY-SEQUENCE:{snapshot.DiscontinuitiesBefore}");

        int initNumber = -1;
        foreach (SegmentView segment in snapshot.Segments)
        {
            WriteSegment(text, segment, ref initNumber);
        }

        if (snapshot.IsEnded)
        {
            text.Append("#EXT-X-ENDLIST\n");
            return text.ToString();
        }

        Line(text, $"#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"{MediaName.OfPart(snapshot.NextPartNumber)}\"");
        foreach ((string track, PlaylistPosition last) in reports)
        {
            Line(text, $"#EXT-X-RENDITION-REPORT:URI=\"../{track}/{MediaName.Playlist}\",LAST-MSN={last.MediaSequence},LAST-PART={last.Part}");
        }

        return text.ToString();
    }

    private static void WriteSegment(StringBuilder text, SegmentView segment, ref int initNumber)
    {
        SegmentHead head = segment.Head;
        if (head.IsDiscontinuity)
        {
            text.Append("#EXT-X-DISCONTINUITY\n");
        }

        if (head.InitNumber != initNumber || head.IsDiscontinuity)
        {
            initNumber = head.InitNumber;
            Line(text, $"#EXT-X-MAP:URI=\"{MediaName.OfInit(initNumber)}\"");
        }

        Line(text, $"#EXT-X-PROGRAM-DATE-TIME:{head.WallClock.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}");
        foreach (Part part in segment.Parts)
        {
            Line(text, $"#EXT-X-PART:DURATION={part.DurationSeconds:0.00000},URI=\"{MediaName.OfPart(part.Number)}\"{(part.IsIndependent ? ",INDEPENDENT=YES" : "")}");
        }

        if (!segment.IsComplete)
        {
            return;
        }

        if (segment.GapSeconds is not null)
        {
            text.Append("#EXT-X-GAP\n");
        }

        Line(text, $"#EXTINF:{segment.DurationSeconds:0.00000},");
        Line(text, $"{MediaName.OfSegment(head.MediaSequence)}");
    }

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
