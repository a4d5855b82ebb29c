using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>A source track's fragments, kept until every rendition has published what is in them: a chunk that was lost is decoded again from here.</summary>
/// <param name="keptMax">No more media than this is kept, whoever may still need it. All state is the feeds', under their lock.</param>
internal sealed class SourceLog(TimeSpan keptMax)
{
    // A chunk has come whole when the source has gone on for so long behind it: no encoder reorders pictures over more.
    private const double SettledSeconds = 0.25;

    private readonly List<Fragment> _kept = [];

    /// <summary>When the newest keyframe is shown; null where there is none.</summary>
    public MediaTime? NewestKeyframe
    {
        get
        {
            MediaTime? newest = null;
            for (int index = _kept.Count - 1; index >= 0 && newest is null; index--)
            {
                newest = _kept[index].Samples.Where(static sample => sample.IsSync)
                    .Select(sample => (MediaTime?)TimeOf(_kept[index], sample)).LastOrDefault();
            }

            return newest;
        }
    }

    /// <summary>The fragments that a decoder needs for the pictures from a time on.</summary>
    /// <param name="from">Null for all there is.</param>
    public IReadOnlyList<Fragment> Since(MediaTime? from)
    {
        int first = from is { } time ? LastEntryBefore(time) : -1;
        first = first >= 0 ? first : _kept.FindIndex(static fragment => fragment.Samples.Any(static sample => sample.IsSync));
        return first < 0 ? [] : _kept[first..];
    }

    /// <summary>Keeps a fragment; the caller keeps its hold.</summary>
    /// <param name="fragment">The next in order.</param>
    /// <param name="needed">What comes before this time's chunk can go; null needs all.</param>
    public void Append(Fragment fragment, MediaTime? needed)
    {
        _kept.Add(fragment.Share());
        int past = needed is { } time ? Math.Max(0, LastEntryBefore(time)) : 0;
        double newest = fragment.End.Seconds;
        past = Math.Max(past, _kept.FindIndex(kept => newest - kept.Start.Seconds <= keptMax.TotalSeconds));
        foreach (Fragment gone in _kept[..past])
        {
            gone.Dispose();
        }

        _kept.RemoveRange(0, past);
    }

    /// <summary>True where there are samples to be shown at this time or later.</summary>
    public bool Reaches(MediaTime? from) => from is { } time
        ? _kept.Exists(fragment => fragment.Samples.Any(sample => TimeOf(fragment, sample) >= time))
        : _kept.Count > 0;

    /// <summary>The first chunk behind a time that has come whole and has no discontinuity in it; null where there is none yet.</summary>
    /// <param name="time">Before the chunk's first picture.</param>
    /// <param name="grid">Chunks start where segments do, beside keyframes.</param>
    public SourceChunk? ChunkAfter(MediaTime time, SegmentGrid grid)
    {
        if (ChunkStartAfter(time, grid) is not { } start || ChunkStartAfter(start, grid) is not { } end)
        {
            return null;
        }

        bool hasCome = _kept[^1].End.Seconds - end.Seconds >= SettledSeconds;
        bool isBroken = _kept.Exists(fragment => fragment.IsDiscontinuity && TimeOf(fragment, fragment.Samples[0]) >= start && TimeOf(fragment, fragment.Samples[0]) < end);
        return hasCome && !isBroken ? new SourceChunk(start, end) : null;
    }

    /// <summary>How many chunks begin behind a time, as far as their first picture has come.</summary>
    /// <param name="time">Null for all there is.</param>
    /// <param name="grid">Chunks start where segments do, beside keyframes.</param>
    public int ChunksAfter(MediaTime? time, SegmentGrid grid)
    {
        int chunks = 0;
        MediaTime? start = time ?? (_kept is [{ } first, ..] ? first.Start with { Ticks = first.Start.Ticks - 1 } : null);
        while (start is { } behind && ChunkStartAfter(behind, grid) is { } next && next < _kept[^1].End)
        {
            chunks++;
            start = next;
        }

        return chunks;
    }

    /// <summary>The newest keyframe, with what lies between a time and it; null where none is later than that time.</summary>
    /// <param name="from">Time of the first picture to leave out.</param>
    /// <param name="atMost">Where to go on at the latest; null for anywhere.</param>
    public SkippedMedia? ToNewestKeyframe(MediaTime from, MediaTime? atMost)
    {
        MediaTime? newest = atMost < NewestKeyframe ? atMost : NewestKeyframe;
        if (newest is not { } until || until <= from)
        {
            return null;
        }

        bool lies(Fragment fragment, Sample sample) => TimeOf(fragment, sample) >= from && TimeOf(fragment, sample) < until;
        int pictures = _kept.Sum(fragment => fragment.Samples.Count(sample => lies(fragment, sample)));
        bool hasDiscontinuity = _kept.Exists(fragment => fragment.IsDiscontinuity && lies(fragment, fragment.Samples[0]));
        return new SkippedMedia(from, until, pictures, hasDiscontinuity);
    }

    /// <summary>What is to be shown at this time or later; null for all there is.</summary>
    /// <param name="from">Time of the first picture that counts.</param>
    /// <param name="lastFragment">Number of the newest fragment.</param>
    public UnreadMedia Unread(MediaTime? from, long lastFragment)
    {
        bool isUnread(Fragment fragment, Sample sample) => from is not { } time || TimeOf(fragment, sample) >= time;
        return new UnreadMedia(
            _kept.Sum(fragment => fragment.Samples.Count(sample => isUnread(fragment, sample))),
            lastFragment,
            _kept is [.., { } last] ? last.End : null,
            _kept.Exists(fragment => fragment.IsDiscontinuity && isUnread(fragment, fragment.Samples[0])));
    }

    /// <summary>Lets go of everything.</summary>
    public void Clear()
    {
        _kept.ForEach(static fragment => fragment.Dispose());
        _kept.Clear();
    }

    private MediaTime? ChunkStartAfter(MediaTime time, SegmentGrid grid)
    {
        MediaTime? keyframe = _kept
            .SelectMany(static fragment => fragment.Samples.Where(static sample => sample.IsSync).Select(sample => TimeOf(fragment, sample)))
            .Where(start => start > time).Select(static start => (MediaTime?)start).FirstOrDefault();
        MediaTime? segment = grid.Between(grid.SegmentAt(time)?.MediaSequence ?? -1, long.MaxValue)
            .Where(start => start.Start > time).Select(static start => (MediaTime?)start.Start).FirstOrDefault();
        return segment < keyframe || keyframe is null ? segment : keyframe;
    }

    private static MediaTime TimeOf(Fragment fragment, in Sample sample) => new(sample.PresentationTime, fragment.Track.Timescale);

    /// <summary>Index of the last fragment with a keyframe that is shown no later than that time; -1 where there is none.</summary>
    private int LastEntryBefore(MediaTime time) =>
        _kept.FindLastIndex(fragment => fragment.Samples.Any(sample => sample.IsSync && TimeOf(fragment, sample) <= time));
}
