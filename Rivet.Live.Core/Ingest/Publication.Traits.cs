namespace Rivet.Live.Core.Ingest;

/// <content>What the publication is like, for <see cref="FindingRules"/>.</content>
internal sealed partial class Publication
{
    // Sooner a burst at the start says more than the encoder's pace.
    private const double PaceSeconds = 10;

    private long _initAt;
    private double? _clockOffset;

    /// <summary>The encoder's clock is ahead of ours by so many seconds; the fragment's way here makes it less.</summary>
    public void Note(double clockOffsetSeconds)
    {
        lock (_streamsLock)
        {
            _clockOffset = clockOffsetSeconds;
        }
    }

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
                PaceOf(Array.Find(feeds, static feed => feed.DrivesGrid)?.Traits));
        }
    }

    /// <summary>A whole burst may be on its way: the pace is known to that.</summary>
    private double? PaceOf(TrackTraits? track)
    {
        if (track is null || track.ReceivedAt.First == 0)
        {
            return null;
        }

        double seconds = time.GetElapsedTime(track.ReceivedAt.First, track.ReceivedAt.Last).TotalSeconds;
        return seconds >= PaceSeconds ? track.SecondsBehindFirst / seconds : null;
    }
}
