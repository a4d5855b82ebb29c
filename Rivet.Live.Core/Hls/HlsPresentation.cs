using System.Collections.Concurrent;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Shelf;

namespace Rivet.Live.Core.Hls;

/// <summary>One broadcast session as players see it: a media playlist per track, and the master playlist over them.</summary>
/// <param name="session">Whose tracks these are.</param>
/// <param name="plan">What never changes.</param>
/// <param name="sourceListing">When the publisher's own video is offered.</param>
/// <param name="spill">Where segments go that are no longer hot; null keeps them in memory. This owns it.</param>
/// <param name="time">The clock; null is the system's.</param>
internal sealed class HlsPresentation(
    BroadcastSession session, HlsPlan plan, SourceListing sourceListing, SpillFolder? spill = null, TimeProvider? time = null) : IDisposable
{
    /// <summary>The publisher's own video in URIs and in the master playlist.</summary>
    public const string Source = "source";

    private readonly ConcurrentDictionary<string, MediaPlaylistBoard> _boards = [];

    private RenderedPlaylist? _master;
    private TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _blockedRequests;
    private long _blockedNow;
    private long _bytesSent;
    private bool _isWithdrawn;

    public BroadcastSession Session => session;

    /// <summary>Requests that were held until their media existed.</summary>
    public long BlockedRequests => Interlocked.Read(ref _blockedRequests);

    /// <summary>Those of them that are held now.</summary>
    public long BlockedNow => Interlocked.Read(ref _blockedNow);

    /// <summary>Bytes of playlists and media sent to viewers.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    public HlsPlan Plan => plan;

    /// <summary>Who plays.</summary>
    public ViewerCount Viewers { get; } = new(time ?? TimeProvider.System, TimeSpan.FromSeconds(3 * plan.TargetDurationSeconds));

    /// <summary>Playlists are no longer given out; media is, for a while.</summary>
    public bool IsWithdrawn => Volatile.Read(ref _isWithdrawn);

    /// <summary>Duration of the longest playlist as it stands.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds(
        _boards.Values.Select(static board => board.Current.Segments.Sum(static segment => segment.DurationSeconds)).DefaultIfEmpty().Max());

    /// <summary>Bytes of media held in memory and on disk.</summary>
    public (long InMemory, long OnDisk) Bytes => (_boards.Values.Sum(static board => board.Bytes.InMemory), _boards.Values.Sum(static board => board.Bytes.OnDisk));

    public IReadOnlyCollection<MediaPlaylistBoard> Boards => [.. _boards.Values];

    /// <summary>Nobody can begin to play any more; who does play has <see cref="Duration"/> left to fetch what was listed (RFC 8216bis 6.2.3).</summary>
    public void Withdraw() => Volatile.Write(ref _isWithdrawn, true);

    /// <summary>Counts a request that is held, until it is disposed.</summary>
    public HeldRequest Hold()
    {
        Interlocked.Increment(ref _blockedRequests);
        Interlocked.Increment(ref _blockedNow);
        return new HeldRequest(this);
    }

    public void CountSent(long bytes) => Interlocked.Add(ref _bytesSent, bytes);

    /// <summary>The playlist of a track that is published now, or was before.</summary>
    /// <param name="track">Its name in URIs.</param>
    /// <param name="cappedBps">Bits per second that its encoder cannot exceed over a segment; null where it is not ours.</param>
    public MediaPlaylistBoard Open(string track, long? cappedBps = null)
    {
        MediaPlaylistBoard board = _boards.GetOrAdd(
            track, name => new MediaPlaylistBoard(name, plan, ReportsFor, cappedBps, spill, time, session.DateRanges));
        Interlocked.Exchange(ref _opened, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        return board;
    }

    public MediaPlaylistBoard? Find(string track) => _boards.GetValueOrDefault(track);

    /// <summary>The master playlist as it stands; null while no track can be played.</summary>
    public RenderedPlaylist? Master()
    {
        RenderedPlaylist? before = Volatile.Read(ref _master);
        string? text = MasterPlaylistWriter.Write(session.SessionId, Listed());
        if (text is null || before?.Text == text)
        {
            return text is null ? null : before;
        }

        RenderedPlaylist rendered = new(text);
        Volatile.Write(ref _master, rendered);
        return rendered;
    }

    /// <summary>Waits until all the tracks named can be played, or the time is up.</summary>
    public async Task WhenPlayableAsync(Func<IEnumerable<string>> expected, DateTimeOffset until, TimeProvider time, CancellationToken requestAborted)
    {
        while (expected().FirstOrDefault(track => !IsPlayable(track)) is { } missing)
        {
            // In this order: a playlist that is opened after it was looked for completes this.
            Task opened = Volatile.Read(ref _opened).Task;
            TimeSpan left = until - time.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            try
            {
                await (Find(missing)?.WhenPlayableAsync(time, requestAborted) ?? opened).WaitAsync(left, time, requestAborted);
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

        spill?.Dispose();
    }

    private bool IsPlayable(string track) => Find(track)?.Current is { } playlist && (playlist.Last is not null || playlist.IsEnded);

    private ListedTracks Listed() => ListedTracks.Of(session, sourceListing, _boards.Values);

    private IEnumerable<(string Track, PlaylistPosition Last)> ReportsFor(string track) =>
        from board in Listed().Reported
        where board.Name != track
        let last = board.Current.Last
        where last is not null
        select (board.Name, last.Value);

    /// <summary>A request that waits for its media.</summary>
    internal readonly struct HeldRequest(HlsPresentation presentation) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref presentation._blockedNow);
    }
}
