using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <content>What the publication is like, for <see cref="FindingRules"/>.</content>
internal sealed partial class Publication
{
    private long _initAt;
    private double? _clockOffset;
    private long _fillerAt;
    private readonly SortedSet<string> _leftOut = [];

    /// <summary>The encoder's clock is ahead of ours by so many seconds; the fragment's way here makes it less.</summary>
    public void Note(double clockOffsetSeconds)
    {
        lock (_streamsLock)
        {
            _clockOffset = clockOffsetSeconds;
        }
    }

    /// <summary>It has a track that is neither video nor audio.</summary>
    public void NoteOther(TrackDescription track)
    {
        if (EventSamples.AreOf(track))
        {
            return;
        }

        lock (_streamsLock)
        {
            _leftOut.Add(track.SampleEntryType);
        }
    }

    /// <summary>The encoder sends filler.</summary>
    public void NoteFiller() => Interlocked.Exchange(ref _fillerAt, Math.Max(1, time.GetTimestamp()));

    /// <summary>All that is known at this moment.</summary>
    public PublicationTraits Traits(Publisher publisher)
    {
        lock (_streamsLock)
        {
            IngestTrackFeed[] feeds = [.. _streams.SelectMany(static stream => stream.Feeds).OrderBy(static feed => feed.Name, StringComparer.Ordinal)];
            long initAt = Interlocked.Read(ref _initAt);
            return new PublicationTraits(
                publisher.Program,
                publisher.Objects is not null && publisher.Dialect != "fmp4-pieces",
                point.Session.Grid.SegmentSeconds,
                initAt == 0 ? null : time.GetElapsedTime(initAt).TotalSeconds,
                [.. feeds.Select(static feed => feed.Traits.Read())],
                _clockOffset,
                Array.Find(feeds, static feed => feed.DrivesGrid)?.Traits.Read().Pace,
                point.Messages.Refused,
                Interlocked.Read(ref _fillerAt) is var fillerAt and not 0 ? time.GetElapsedTime(fillerAt).TotalSeconds : null,
                [.. _leftOut]);
        }
    }
}
