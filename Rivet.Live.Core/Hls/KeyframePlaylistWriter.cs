using System.Globalization;
using System.Text;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Packaging;

namespace Rivet.Live.Core.Hls;

/// <summary>
/// Writes a track's I-frame playlist (RFC 8216bis 4.4.3.6): one picture per complete segment, a resource of its own, with the segment's number and
/// duration. It has no parts; <c>_HLS_msn</c> waits for a segment.
/// </summary>
internal static class KeyframePlaylistWriter
{
    public static string Write(HlsPlan plan, PlaylistSnapshot snapshot, IReadOnlyList<DateRange> dateRanges)
    {
        var text = new StringBuilder(4096);
        text.Append("#EXTM3U\n#EXT-X-VERSION:9\n");
        Line(text, $"#EXT-X-TARGETDURATION:{plan.TargetDurationSeconds}");
        MediaPlaylistWriter.WriteServerControl(text, plan);
        Line(text, $"#EXT-X-MEDIA-SEQUENCE:{snapshot.Segments.FirstOrDefault()?.Head.MediaSequence ?? 0}");
        Line(text, $"#EXT-X-DISCONTINUITY-SEQUENCE:{snapshot.DiscontinuitiesBefore}");
        text.Append("#EXT-X-I-FRAMES-ONLY\n");
        MediaPlaylistWriter.WriteDateRanges(text, dateRanges);
        int initNumber = -1;
        foreach (SegmentView segment in snapshot.Segments)
        {
            if (segment.IsComplete)
            {
                MediaPlaylistWriter.WriteBeginning(text, segment.Head, ref initNumber);
                WriteSegment(text, segment);
            }
        }

        if (snapshot.IsEnded)
        {
            text.Append("#EXT-X-ENDLIST\n");
        }

        return text.ToString();
    }

    private static void WriteSegment(StringBuilder text, SegmentView segment)
    {
        SegmentHead head = segment.Head;
        MediaPlaylistWriter.WriteWallClock(text, head);
        if (segment.GapSeconds is not null || !segment.BeginsIndependently)
        {
            text.Append("#EXT-X-GAP\n");
        }

        Line(text, $"#EXTINF:{segment.DurationSeconds:0.00000},");
        Line(text, $"{MediaName.OfKeyframe(head.MediaSequence)}");
    }

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
