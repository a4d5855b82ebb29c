using Rivet.Live.HlsCheck.Playlists;

namespace Rivet.Live.HlsCheck.Watching;

/// <summary>One answer to a request for a media playlist.</summary>
/// <param name="Exchange">The request and answer.</param>
/// <param name="Wanted">The place it waited for; null for a plain one.</param>
/// <param name="Playlist">Null where the answer was none.</param>
internal sealed record Reload(Exchange Exchange, Position? Wanted, MediaPlaylist? Playlist);

/// <summary>Everything seen of one media playlist.</summary>
internal sealed class Rendition(Uri uri, bool isIFrame)
{
    // Guards the collections while the watch goes on: rules read them when it is over.
    private readonly Lock _seenLock = new();
    private readonly SortedDictionary<long, SegmentEntry> _segments = [];
    private MediaPlaylist? _latest;

    public Uri Uri => uri;

    public bool IsIFrame => isIFrame;

    /// <summary>In the order in which they came, full playlists only.</summary>
    public List<Reload> Reloads { get; } = [];

    public List<MediaFetch> Media { get; } = [];

    public List<Probe> Probes { get; } = [];

    public IEnumerable<MediaPlaylist> Playlists => Reloads.Where(static reload => reload.Playlist is not null).Select(static reload => reload.Playlist!);

    /// <summary>The newest playlist; null before the first.</summary>
    public MediaPlaylist? Latest => Volatile.Read(ref _latest);

    public bool IsEnded => Latest?.IsEnded == true;

    /// <summary>Has parts, whenever seen.</summary>
    public bool IsLowLatency => Playlists.Any(static playlist => playlist.PartTarget is not null);

    /// <summary>Every segment ever listed, by number, as it was when most of its parts were listed.</summary>
    public IReadOnlyDictionary<long, SegmentEntry> Segments => _segments;

    public void Add(Reload reload)
    {
        Reloads.Add(reload);
        Volatile.Write(ref _latest, reload.Playlist ?? _latest);
        foreach (SegmentEntry segment in reload.Playlist?.Segments ?? [])
        {
            bool isPoorer = _segments.TryGetValue(segment.Sequence, out SegmentEntry? known) && known.IsComplete && known.Parts.Length >= segment.Parts.Length;
            if (!isPoorer)
            {
                _segments[segment.Sequence] = segment;
            }
        }
    }

    public void Add(MediaFetch fetch)
    {
        lock (_seenLock)
        {
            Media.Add(fetch);
        }
    }

    public void Add(Probe probe)
    {
        lock (_seenLock)
        {
            Probes.Add(probe);
        }
    }

    /// <summary>The fetch of a part; null where it was not fetched.</summary>
    public MediaFetch? PartOf(long sequence, int part) =>
        Media.Find(fetch => fetch.Kind == MediaKind.Part && fetch.Sequence == sequence && fetch.Part == part);

    public override string ToString() => uri.ToString();
}

/// <summary>What a watch saw: the material that rules judge.</summary>
/// <param name="Master">Null where the URL named a media playlist.</param>
/// <param name="Renditions">Every media playlist.</param>
/// <param name="Steering">The content steering manifest; null where none is named.</param>
/// <param name="Slack">What the network and this machine may add to any time.</param>
/// <param name="Ended">How long the watch was.</param>
internal sealed record Observations(MultivariantPlaylist? Master, IReadOnlyList<Rendition> Renditions, Exchange? Steering, TimeSpan Slack, TimeSpan Ended)
{
    /// <summary>Those that players play, I-frame playlists left out.</summary>
    public IEnumerable<Rendition> Playable => Renditions.Where(static rendition => !rendition.IsIFrame);

    public Rendition? Find(Uri uri) => Renditions.FirstOrDefault(rendition => rendition.Uri == uri);
}
