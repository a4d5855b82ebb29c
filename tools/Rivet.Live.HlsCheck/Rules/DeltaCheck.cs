using Rivet.Live.HlsCheck.Playlists;
using static System.FormattableString;

namespace Rivet.Live.HlsCheck.Rules;

/// <summary>Merges a delta into the playlist known before and compares the result with the full one.</summary>
internal static class DeltaCheck
{
    private const int SkipVersion = 9;
    private const int SkipDateRangesVersion = 10;

    public static void Run(Findings findings, string where, MediaPlaylist before, MediaPlaylist delta, MediaPlaylist full, decimal boundary)
    {
        long skipped = delta.Skip!.Whole("SKIPPED-SEGMENTS") ?? 0;
        int needed = delta.Skip.Has("RECENTLY-REMOVED-DATERANGES") ? SkipDateRangesVersion : SkipVersion;
        findings.Must(delta.Version >= needed, where, Invariant($"EXT-X-VERSION {delta.Version}"), Invariant($"{needed} or more with EXT-X-SKIP"));
        findings.Must(
            delta.MediaSequence == full.MediaSequence && delta.DiscontinuitySequence == full.DiscontinuitySequence,
            where,
            $"MEDIA-SEQUENCE {delta.MediaSequence}, DISCONTINUITY-SEQUENCE {delta.DiscontinuitySequence}",
            $"as in the full playlist: {full.MediaSequence}, {full.DiscontinuitySequence}");
        foreach (string sequence in (string[])["EXT-X-MEDIA-SEQUENCE", "EXT-X-DISCONTINUITY-SEQUENCE"])
        {
            findings.Must(delta.Line(sequence) < delta.Line("EXT-X-SKIP"), Evidence.At(delta, sequence), $"{sequence} behind EXT-X-SKIP", "before it");
        }

        Dictionary<long, SegmentEntry> merged = before.Segments.Where(segment => segment.Sequence >= delta.MediaSequence && segment.Sequence < delta.MediaSequence + skipped)
            .Concat(delta.Segments).ToDictionary(static segment => segment.Sequence);
        decimal toEnd = full.Segments.Where(static segment => segment.IsComplete).Sum(static segment => segment.Duration);
        InitMap? map = null;
        foreach (SegmentEntry segment in full.Segments)
        {
            bool isSkipped = segment.Sequence < delta.MediaSequence + skipped;
            findings.Must(!isSkipped || toEnd > boundary, where, Invariant($"segment {segment.Sequence}, {toEnd} s before the end, skipped"), Invariant($"nothing within CAN-SKIP-UNTIL {boundary}"));
            toEnd -= segment.Duration;
            SegmentEntry? ours = merged.GetValueOrDefault(segment.Sequence);
            map = ours?.Map ?? map;
            findings.Must(ours is not null && IsSame(ours, segment, map), where, $"segment {segment.Sequence}: {(ours is null ? "missing" : ours.Text.ReplaceLineEndings(" "))}", $"as in the full playlist: {segment.Text.ReplaceLineEndings(" ")}");
        }

        findings.Must(merged.Count == full.Segments.Length, where, $"{merged.Count} segments after merging", $"{full.Segments.Length}, as in the full playlist");
        findings.Must(
            delta.Hints.Select(static hint => hint.Uri).SequenceEqual(full.Hints.Select(static hint => hint.Uri)), Evidence.At(delta, "EXT-X-PRELOAD-HINT"), "other hints", "those of the full playlist");
    }

    private static bool IsSame(SegmentEntry ours, SegmentEntry full, InitMap? map) => ours.Text == full.Text && map == full.Map
        && (ours.Parts.IsEmpty || full.Parts.IsEmpty || ours.Parts.Select(static part => part with { Line = 0 }).SequenceEqual(full.Parts.Select(static part => part with { Line = 0 })));
}
