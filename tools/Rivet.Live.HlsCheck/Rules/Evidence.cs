using Rivet.Live.HlsCheck.Media;
using Rivet.Live.HlsCheck.Playlists;
using Rivet.Live.HlsCheck.Watching;

namespace Rivet.Live.HlsCheck.Rules;

/// <summary>What was seen, and what the media in it says.</summary>
internal sealed class Evidence(Observations seen)
{
    private readonly Dictionary<(Rendition, InitMap), IReadOnlyList<InitTrack>> _inits = [];
    private readonly Dictionary<MediaFetch, IReadOnlyList<TrackRun>> _runs = [];

    public Observations Seen => seen;

    public MultivariantPlaylist? Master => seen.Master;

    public TimeSpan Slack => seen.Slack;

    /// <summary>Every media playlist but those of I-frames, with at least one answer.</summary>
    public IEnumerable<Rendition> Playable => seen.Playable.Where(static rendition => rendition.Latest is not null);

    public IEnumerable<Rendition> LowLatency => Playable.Where(static rendition => rendition.IsLowLatency);

    public IEnumerable<(Rendition Rendition, MediaPlaylist Playlist)> Playlists => Playable.SelectMany(static rendition => rendition.Playlists, static (rendition, playlist) => (rendition, playlist));

    public IEnumerable<(Rendition Rendition, SegmentEntry Segment)> Segments =>
        Playable.SelectMany(static rendition => rendition.Segments.Values, static (rendition, segment) => (rendition, segment));

    public IEnumerable<(Rendition Rendition, Probe Probe)> Probes(ProbeKind kind) => Playable
        .SelectMany(static rendition => rendition.Probes, static (rendition, probe) => (rendition, probe))
        .Where(pair => pair.probe.Kind == kind);

    public IEnumerable<(Rendition Rendition, MediaFetch Fetch)> Media(params MediaKind[] kinds) => Playable
        .SelectMany(static rendition => rendition.Media, static (rendition, fetch) => (rendition, fetch))
        .Where(pair => kinds.Contains(pair.fetch.Kind));

    /// <summary>The tracks of the init that a segment needs; none where there is no init, or it is no MP4.</summary>
    public IReadOnlyList<InitTrack> TracksOf(Rendition rendition, SegmentEntry segment)
    {
        if (segment.Map is not { } map)
        {
            return [];
        }

        if (!_inits.TryGetValue((rendition, map), out IReadOnlyList<InitTrack>? tracks))
        {
            MediaFetch? init = rendition.Media.Find(fetch => fetch.Kind == MediaKind.Init && fetch.Exchange.Uri == map.Uri && fetch.Range == map.Range);
            tracks = init is { Exchange.IsOk: true } ? InitTrack.Parse(init.Exchange.Body) : [];
            _inits[(rendition, map)] = tracks;
        }

        return tracks;
    }

    /// <summary>What a part or segment holds, by track; nothing where it did not come or is no fragmented MP4.</summary>
    public IReadOnlyList<TrackRun> RunsOf(Rendition rendition, MediaFetch fetch)
    {
        if (!_runs.TryGetValue(fetch, out IReadOnlyList<TrackRun>? runs))
        {
            runs = fetch.Exchange.IsOk && rendition.Segments.TryGetValue(fetch.Sequence, out SegmentEntry? segment)
                ? TrackRun.Parse(TracksOf(rendition, segment), fetch.Exchange.Body)
                : [];
            _runs[fetch] = runs;
        }

        return runs;
    }

    /// <summary>The track that leads: video where there is one.</summary>
    public TrackRun? LeadOf(Rendition rendition, MediaFetch fetch) =>
        RunsOf(rendition, fetch) is { Count: > 0 } runs ? runs.FirstOrDefault(static run => run.Track.IsVideo) ?? runs[0] : null;

    /// <summary>Complete segments that came, in order, with their leading track.</summary>
    public IEnumerable<(SegmentEntry Segment, MediaFetch Fetch, TrackRun Run)> Runs(Rendition rendition) =>
        from fetch in rendition.Media
        where fetch.Kind == MediaKind.Segment && rendition.Segments.ContainsKey(fetch.Sequence)
        let run = LeadOf(rendition, fetch)
        where run is not null
        orderby fetch.Sequence
        select (rendition.Segments[fetch.Sequence], fetch, run);

    public static string At(MediaPlaylist playlist, string tag) => $"{playlist.Uri}:{playlist.Line(tag)}";

    public static string At(Rendition rendition, SegmentEntry segment) => $"{rendition} segment {segment.Sequence}";

    public static string At(Rendition rendition, SegmentEntry segment, PartEntry part) => $"{rendition} segment {segment.Sequence} part {part.Index}";
}
