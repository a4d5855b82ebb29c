using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Hls;

/// <summary>What of a broadcast a viewer is offered: the playlists that the master playlist names, and those that report on each other.</summary>
/// <param name="Variants">Video, best first.</param>
/// <param name="Audio">Shared by all variants; alone where there is no video.</param>
/// <param name="Reported">All that somebody may be playing: also <c>source</c> while it is not offered, which those who began with it go on with.</param>
internal sealed record ListedTracks(
    IReadOnlyList<MediaPlaylistBoard> Variants, MediaPlaylistBoard? Audio, IReadOnlyList<MediaPlaylistBoard> Reported)
{

    /// <param name="session">Whose grid says whether the publisher's own video can be entered.</param>
    /// <param name="sourceListing">Whether it is offered.</param>
    /// <param name="boards">All there are.</param>
    public static ListedTracks Of(BroadcastSession session, SourceListing sourceListing, IEnumerable<MediaPlaylistBoard> boards)
    {
        List<MediaPlaylistBoard> playable = [.. boards.Where(static board => board.Track is not null && board.Current.Last is not null)];
        List<MediaPlaylistBoard> videos = [.. playable.Where(static board => board.Track!.Kind == TrackKind.Video)];
        bool hasRendition = videos.Exists(static board => board.Name != HlsPresentation.Source);
        bool offersSource = sourceListing switch
        {
            SourceListing.Always => true,
            SourceListing.Never => false,
            _ => session.Grid.SourceFollowsGrid || !hasRendition,
        };
        return new ListedTracks(
            [.. videos
                .Where(board => board.Name != HlsPresentation.Source || offersSource)
                .OrderByDescending(MasterPlaylistWriter.Score)
                .ThenBy(static board => board.Name, StringComparer.Ordinal)],
            playable.Find(static board => board.Track!.Kind == TrackKind.Audio),
            [.. playable.Where(board => board.Name != HlsPresentation.Source || sourceListing != SourceListing.Never).OrderBy(static board => board.Name, StringComparer.Ordinal)]);
    }
}
