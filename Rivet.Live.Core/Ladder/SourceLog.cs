using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>A source track's fragments, kept until every rendition has published what is in them: a chunk that was lost is decoded again from here.</summary>
/// <param name="keptMax">No more media than this is kept, whoever may still need it. All state is the feeds', under their lock.</param>
internal sealed class SourceLog(TimeSpan keptMax)
{
    private readonly List<Fragment> _kept = [];

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

    /// <summary>The newest keyframe, with what lies between a time and it; null where none is later than that time.</summary>
    public SkippedMedia? ToNewestKeyframe(MediaTime from)
    {
        MediaTime? newest = null;
        for (int index = _kept.Count - 1; index >= 0 && newest is null; index--)
        {
            newest = _kept[index].Samples.Where(static sample => sample.IsSync)
                .Select(sample => (MediaTime?)TimeOf(_kept[index], sample)).LastOrDefault();
        }

        if (newest is not { } until || until <= from)
        {
            return null;
        }

        bool lies(Fragment fragment, Sample sample) => TimeOf(fragment, sample) >= from && TimeOf(fragment, sample) < until;
        int pictures = _kept.Sum(fragment => fragment.Samples.Count(sample => lies(fragment, sample)));
        bool hasDiscontinuity = _kept.Exists(fragment => fragment.IsDiscontinuity && lies(fragment, fragment.Samples[0]));
        return new SkippedMedia(from, until, pictures, hasDiscontinuity);
    }

    /// <summary>Samples to be shown at this time or later.</summary>
    public int CountSince(MediaTime? from) =>
        _kept.Sum(fragment => fragment.Samples.Count(sample => from is not { } time || TimeOf(fragment, sample) >= time));

    /// <summary>Lets go of everything.</summary>
    public void Clear()
    {
        _kept.ForEach(static fragment => fragment.Dispose());
        _kept.Clear();
    }

    private static MediaTime TimeOf(Fragment fragment, in Sample sample) => new(sample.PresentationTime, fragment.Track.Timescale);

    /// <summary>Index of the last fragment with a keyframe that is shown no later than that time; -1 where there is none.</summary>
    private int LastEntryBefore(MediaTime time) =>
        _kept.FindLastIndex(fragment => fragment.Samples.Any(sample => sample.IsSync && TimeOf(fragment, sample) <= time));
}
