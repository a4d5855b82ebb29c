using System.Globalization;
using System.Text;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Packaging;

namespace Rivet.Live.Core.Hls;

/// <summary>Writes a media playlist's text (RFC 8216bis section 4.4).</summary>
internal static class MediaPlaylistWriter
{
    /// <param name="track">The track's name in URIs.</param>
    /// <param name="plan">What never changes.</param>
    /// <param name="snapshot">The state to show.</param>
    /// <param name="skippedSegments">Segments from the oldest on that the reader has already; 0 writes the whole playlist.</param>
    /// <param name="reports">Every other media playlist of the broadcast, by track, with its newest part.</param>
    /// <param name="dateRanges">Those of the time that is listed.</param>
    public static string Write(
        string track,
        HlsPlan plan,
        PlaylistSnapshot snapshot,
        int skippedSegments,
        IEnumerable<(string Track, PlaylistPosition Last)> reports,
        IReadOnlyList<DateRange> dateRanges)
    {
        var text = new StringBuilder(4096);
        text.Append("#EXTM3U\n#EXT-X-VERSION:9\n");
        if (track != HlsPresentation.Source)
        {
            // Ours by construction. The publisher's keyframes may stop fitting at any time, and a playlist cannot take this back.
            text.Append("#EXT-X-INDEPENDENT-SEGMENTS\n");
        }

        Line(text, $"#EXT-X-TARGETDURATION:{plan.TargetDurationSeconds}");
        WriteServerControl(text, plan);
        Line(text, $"#EXT-X-PART-INF:PART-TARGET={plan.PartSeconds:0.0####}");
        Line(text, $"#EXT-X-MEDIA-SEQUENCE:{snapshot.Segments.FirstOrDefault()?.Head.MediaSequence ?? 0}");
        Line(text, $"#EXT-X-DISCONTINUITY-SEQUENCE:{snapshot.DiscontinuitiesBefore}");
        if (skippedSegments > 0)
        {
            Line(text, $"#EXT-X-SKIP:SKIPPED-SEGMENTS={skippedSegments}");
        }

        WriteDateRanges(text, dateRanges);

        // The first segment after a skip names its init again: the line that did is among those skipped, and not every player remembers it.
        int initNumber = -1;
        for (int index = skippedSegments; index < snapshot.Segments.Length; index++)
        {
            SegmentView segment = snapshot.Segments[index];
            WriteBeginning(text, segment.Head, ref initNumber);
            if (segment is { IsComplete: true, Parts.IsEmpty: true })
            {
                text.Append(segment.Lines);
            }
            else
            {
                WriteGrowing(text, segment);
            }
        }

        if (snapshot.IsEnded)
        {
            text.Append("#EXT-X-ENDLIST\n");
            return text.ToString();
        }

        Line(text, $"#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"{MediaName.OfPart(snapshot.NextPartNumber)}\"");
        foreach ((string other, PlaylistPosition last) in reports)
        {
            Line(text, $"#EXT-X-RENDITION-REPORT:URI=\"../{other}/{MediaName.Playlist}\",LAST-MSN={last.MediaSequence},LAST-PART={last.Part}");
        }

        return text.ToString();
    }

    /// <summary>The same in every playlist of the broadcast (6.2.4).</summary>
    public static void WriteServerControl(StringBuilder text, HlsPlan plan) =>
        Line(text, $"#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL={plan.SkipBoundarySeconds:0.0},PART-HOLD-BACK={plan.PartHoldBackSeconds:0.0####},HOLD-BACK={plan.HoldBackSeconds:0.0}");

    /// <summary>4.4.5.1. What has stood in a playlist once does not change; attributes may be added.</summary>
    public static void WriteDateRanges(StringBuilder text, IReadOnlyList<DateRange> dateRanges)
    {
        foreach (DateRange range in dateRanges)
        {
            string ofClass = range.Class is null ? "" : $",CLASS=\"{range.Class}\"";
            Line(text, $"#EXT-X-DATERANGE:ID=\"{range.Id}\"{ofClass},START-DATE=\"{Date(range.Start)}\"{Seconds("DURATION", range.DurationSeconds)}{Seconds("PLANNED-DURATION", range.PlannedSeconds)}{string.Concat(range.Attributes.Select(static attribute => $",{attribute.Name}={attribute.Value}"))}");
        }
    }

    /// <summary>A complete segment without parts. Nothing of this changes any more.</summary>
    public static string Lines(SegmentView segment)
    {
        var text = new StringBuilder(96);
        WriteWallClock(text, segment.Head);
        WriteEnd(text, segment);
        return text.ToString();
    }

    public static void WriteBeginning(StringBuilder text, SegmentHead head, ref int initNumber)
    {
        if (head.IsDiscontinuity)
        {
            text.Append("#EXT-X-DISCONTINUITY\n");
        }

        if (head.InitNumber != initNumber || head.IsDiscontinuity)
        {
            initNumber = head.InitNumber;
            Line(text, $"#EXT-X-MAP:URI=\"{MediaName.OfInit(initNumber)}\"");
        }
    }

    private static void WriteGrowing(StringBuilder text, SegmentView segment)
    {
        WriteWallClock(text, segment.Head);
        foreach (Part part in segment.Parts)
        {
            Line(text, $"#EXT-X-PART:DURATION={part.DurationSeconds:0.00000},URI=\"{MediaName.OfPart(part.Number)}\"{(part.IsIndependent ? ",INDEPENDENT=YES" : "")}{(part.IsGap ? ",GAP=YES" : "")}");
        }

        if (segment.IsComplete)
        {
            WriteEnd(text, segment);
        }
    }

    public static void WriteWallClock(StringBuilder text, SegmentHead head) =>
        Line(text, $"#EXT-X-PROGRAM-DATE-TIME:{Date(head.WallClock)}");

    private static string Date(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static string Seconds(string name, double? seconds) =>
        seconds is { } known ? string.Create(CultureInfo.InvariantCulture, $",{name}={known:0.000}") : "";

    private static void WriteEnd(StringBuilder text, SegmentView segment)
    {
        if (segment.IsGap)
        {
            text.Append("#EXT-X-GAP\n");
        }

        Line(text, $"#EXTINF:{segment.DurationSeconds:0.00000},");
        Line(text, $"{MediaName.OfSegment(segment.Head.MediaSequence)}");
    }

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
