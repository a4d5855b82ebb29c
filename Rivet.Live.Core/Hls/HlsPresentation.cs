using System.Collections.Concurrent;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Hls;

/// <summary>One broadcast session as players see it: a media playlist per track, and the master playlist over them.</summary>
internal sealed class HlsPresentation(BroadcastSession session, HlsPlan plan, SourceListing sourceListing) : IDisposable
{
    /// <summary>The publisher's own video in URIs and in the master playlist.</summary>
    public const string Source = "source";

    private readonly ConcurrentDictionary<string, MediaPlaylistBoard> _boards = [];

    public BroadcastSession Session => session;

    public HlsPlan Plan => plan;

    public IReadOnlyCollection<MediaPlaylistBoard> Boards => [.. _boards.Values];

    /// <summary>True once every track that ever opened has its EXT-X-ENDLIST.</summary>
    public bool IsEnded => !_boards.IsEmpty && _boards.Values.All(static board => board.Current.IsEnded);

    public MediaPlaylistBoard Open(string track) => _boards.GetOrAdd(track, name => new MediaPlaylistBoard(name, plan, ReportsFor));

    public MediaPlaylistBoard? Find(string track) => _boards.GetValueOrDefault(track);

    /// <summary>The master playlist as it stands; null while no track can be played.</summary>
    public string? WriteMaster() => MasterPlaylistWriter.Write(session, sourceListing, [.. Playable()]);

    /// <summary>Waits until all the tracks named can be played, or the time is up.</summary>
    public async Task WhenPlayableAsync(Func<IEnumerable<string>> expected, DateTimeOffset until, TimeProvider time, CancellationToken requestAborted)
    {
        while (expected().FirstOrDefault(track => !IsPlayable(track)) is { } missing)
        {
            TimeSpan left = until - time.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            try
            {
                await Open(missing).WaitForAsync(0, 0, time, requestAborted).WaitAsync(left, time, requestAborted);
            }
            catch (TimeoutException)
            {
                // By design: a rendition that does not come is left out, and the others play.
                return;
            }
        }
    }

    public void Dispose()
    {
        foreach (MediaPlaylistBoard board in _boards.Values)
        {
            board.Dispose();
        }
    }

    private bool IsPlayable(string track) => Find(track)?.Current is { } playlist && (playlist.Last is not null || playlist.IsEnded);

    private IEnumerable<MediaPlaylistBoard> Playable() => _boards.Values.Where(static board => board.Track is not null && board.Current.Last is not null);

    private IEnumerable<(string Track, PlaylistPosition Last)> ReportsFor(string track) =>
        from board in Playable()
        where board.Name != track
        orderby board.Name
        select (board.Name, board.Current.Last!.Value);
}
