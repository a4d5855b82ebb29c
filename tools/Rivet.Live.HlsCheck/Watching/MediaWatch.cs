using System.Collections.Immutable;
using Rivet.Live.HlsCheck.Playlists;

namespace Rivet.Live.HlsCheck.Watching;

/// <summary>Fetches what the playlists of a rendition name: hints at once, parts and segments when they appear, and again after they went.</summary>
internal sealed class MediaWatch(Origin origin, Rendition rendition, TimeSpan until) : IDisposable
{
    /// <summary>Segments fetched from each end of the first playlist.</summary>
    private const int AtEitherEnd = 3;

    private readonly Dictionary<string, Task> _asked = [];
    private readonly Dictionary<Uri, Task<Exchange>> _hinted = [];
    private readonly CancellationTokenSource _hintsOver = new(Timeout.InfiniteTimeSpan, origin.Time);
    private MediaPlaylist? _before;
    private decimal _longest;

    public void Follow(MediaPlaylist playlist, CancellationToken cancelling)
    {
        foreach (SegmentEntry segment in _before is null ? AtEnds(playlist) : playlist.Segments)
        {
            if (segment.Sequence > (_before?.Segments.LastOrDefault(static known => known.IsComplete)?.Sequence ?? -1))
            {
                FetchNamed(segment, cancelling);
            }
        }

        foreach (PreloadHint hint in playlist.IsEnded ? [] : playlist.Hints.Where(static hint => hint.Type == "PART"))
        {
            (string, string)[] headers = hint.RangeStart is { } start ? [("Range", $"bytes={start}-{start + (hint.RangeLength ?? (1L << 53) - 1 - start) - 1}")] : [];
            if (hint.RangeStart is null && !_asked.ContainsKey(Key(MediaKind.Part, hint.Uri, null)) && !_hinted.ContainsKey(hint.Uri))
            {
                _hinted[hint.Uri] = origin.SendAsync(hint.Uri, _hintsOver.Token, null, headers);
            }
        }

        _longest = Math.Max(_longest, playlist.Duration);
        if (_before is not null)
        {
            Revisit(_before, playlist, cancelling);
        }

        _before = playlist;
    }

    /// <summary>Waits for what is on the way; hints that nobody fulfilled are let go.</summary>
    public async Task CompleteAsync()
    {
        await Task.WhenAll(_asked.Values);
        _hintsOver.CancelAfter(TimeSpan.Zero);
        await Task.WhenAll(_hinted.Values);
    }

    public void Dispose() => _hintsOver.Dispose();

    private static ImmutableArray<SegmentEntry> AtEnds(MediaPlaylist playlist) =>
        playlist.Segments.Length <= 2 * AtEitherEnd ? playlist.Segments : [.. playlist.Segments[..AtEitherEnd], .. playlist.Segments[^AtEitherEnd..]];

    private void FetchNamed(SegmentEntry segment, CancellationToken cancelling)
    {
        if (segment.Map is { } map)
        {
            Fetch(MediaKind.Init, segment.Sequence, -1, map.Uri, map.Range, segment.Line, cancelling);
        }

        foreach (PartEntry part in segment.Parts.Where(static part => !part.IsGap))
        {
            Fetch(MediaKind.Part, segment.Sequence, part.Index, part.Uri, part.Range, part.Line, cancelling);
        }

        if (segment is { Uri: { } uri, IsGap: false })
        {
            Fetch(MediaKind.Segment, segment.Sequence, -1, uri, segment.Range, segment.Line, cancelling);
        }
    }

    private void Fetch(MediaKind kind, long sequence, int part, Uri uri, ByteRange? range, int line, CancellationToken cancelling)
    {
        string key = Key(kind, uri, range);
        if (!_asked.ContainsKey(key))
        {
            _asked[key] = FetchAsync();
        }

        async Task FetchAsync()
        {
            bool isHint = _hinted.TryGetValue(uri, out Task<Exchange>? hinted) && kind == MediaKind.Part && range is null;
            Exchange exchange = await (isHint ? hinted! : origin.SendAsync(uri, cancelling, null, Ranged(range)));
            rendition.Add(new MediaFetch(kind, sequence, part, isHint, range, line, exchange));
        }
    }

    /// <summary>What went from the playlist must stay to be had for a while (6.2.2, 6.2.6): asked for when nine tenths of that are over.</summary>
    private void Revisit(MediaPlaylist before, MediaPlaylist now, CancellationToken cancelling)
    {
        HashSet<Uri> listed = [.. now.Segments.SelectMany(static segment => segment.Parts).Select(static part => part.Uri)];
        decimal target = now.TargetDuration ?? 1;
        foreach (SegmentEntry segment in before.Segments)
        {
            foreach (PartEntry part in segment.Parts.Where(part => !part.IsGap && part.Range is null && !listed.Contains(part.Uri)))
            {
                RevisitAfter(MediaKind.DelistedPart, segment, part.Index, part.Uri, part.Range, 3 * target, cancelling);
            }

            if (segment is { Uri: { } uri, IsGap: false } && segment.Sequence < now.MediaSequence)
            {
                RevisitAfter(MediaKind.DelistedSegment, segment, -1, uri, segment.Range, segment.Duration + _longest, cancelling);
            }
        }
    }

    private void RevisitAfter(MediaKind kind, SegmentEntry segment, int part, Uri uri, ByteRange? range, decimal kept, CancellationToken cancelling)
    {
        string key = Key(kind, uri, range);
        if (!_asked.ContainsKey(key))
        {
            _asked[key] = RevisitAsync();
        }

        async Task RevisitAsync()
        {
            TimeSpan due = TimeSpan.FromSeconds((double)kept * 0.9);
            TimeSpan left = until > origin.Now ? until - origin.Now : TimeSpan.Zero;
            await Task.Delay(due < left ? due : left, origin.Time, cancelling);
            rendition.Add(new MediaFetch(
                kind, segment.Sequence, part, IsHint: false, range, segment.Line, await origin.SendAsync(uri, cancelling, null, Ranged(range))));
        }
    }

    private static (string, string)[] Ranged(ByteRange? range) => range is null ? [] : [("Range", range.Header)];

    private static string Key(MediaKind kind, Uri uri, ByteRange? range) => $"{kind} {uri} {range?.Header}";
}
