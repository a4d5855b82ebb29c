using Rivet.Live.Core.Broadcast;

namespace Rivet.Live.Core.Hls;

/// <summary>Renders one track's playlists, with what their texts need beside the snapshot. Called once per snapshot and form.</summary>
/// <param name="name">The track's name in URIs.</param>
/// <param name="plan">What never changes.</param>
/// <param name="reports">The other playlists of the broadcast and their newest parts.</param>
/// <param name="dateRanges">The broadcast's; null where there are none.</param>
internal sealed class PlaylistRenderer(
    string name, HlsPlan plan, Func<string, IEnumerable<(string Track, PlaylistPosition Last)>> reports, DateRanges? dateRanges)
{
    public RenderedPlaylist Whole(PlaylistSnapshot snapshot) => Render(snapshot, skippedSegments: 0);

    /// <summary>The playlist without what lies before the Skip Boundary; the whole one where there is nothing.</summary>
    public RenderedPlaylist Delta(PlaylistSnapshot snapshot) =>
        snapshot.SegmentsBefore(plan.SkipBoundarySeconds) is > 0 and int skipped && !snapshot.IsEnded ? Render(snapshot, skipped) : snapshot.Rendered;

    public RenderedPlaylist Keyframes(PlaylistSnapshot snapshot) => new(KeyframePlaylistWriter.Write(plan, snapshot, RangesOf(snapshot)));

    private RenderedPlaylist Render(PlaylistSnapshot snapshot, int skippedSegments) =>
        new(MediaPlaylistWriter.Write(name, plan, snapshot, skippedSegments, reports(name), RangesOf(snapshot)));

    /// <summary>Also in a delta: it leaves out segments and nothing else, since CAN-SKIP-DATERANGES is not promised (6.2.5.1).</summary>
    private IReadOnlyList<DateRange> RangesOf(PlaylistSnapshot snapshot) =>
        snapshot.Segments.IsEmpty ? [] : dateRanges?.ListedFrom(snapshot.Segments[0].Head.WallClock) ?? [];
}
