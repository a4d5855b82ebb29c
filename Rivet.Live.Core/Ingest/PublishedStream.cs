using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>Tracks that come together, in one body or in one after the other: their way onto the broadcast's timeline.</summary>
internal sealed class PublishedStream(Publication publication, string name)
{
    private readonly Lock _openLock = new();

    // Swapped whole under _openLock; whoever publishes reads it as it is.
    private IReadOnlyDictionary<uint, IngestTrackFeed> _feeds = new Dictionary<uint, IngestTrackFeed>();
    private TimelineShift? _shift;

    public Publication Publication => publication;

    public IEnumerable<IngestTrackFeed> Feeds => Volatile.Read(ref _feeds).Values;

    /// <summary>The longest track's media, in seconds.</summary>
    public double DurationSeconds => Feeds.Select(static feed => feed.DurationSeconds).DefaultIfEmpty(0).Max();

    /// <summary>What the publisher sends, as far as it said so.</summary>
    public IReadOnlyList<TrackDescription> Tracks => [.. Feeds.Select(static feed => feed.Track)];

    /// <summary>True where samples of a fragment of another connection came here before. Takes the point's timeline lock.</summary>
    public bool Knows(IReadOnlyList<IngestTrack> tracks, IngestEvent.Media media)
    {
        IReadOnlyDictionary<uint, IngestTrackFeed> feeds = Volatile.Read(ref _feeds);
        bool isSameInit = tracks.Where(static track => track.Description.Kind != TrackKind.Other).All(track => feeds.TryGetValue(track.TrackId, out IngestTrackFeed? feed) && feed.Track.IsSameStreamAs(track.Description));
        lock (publication.Point.Timeline)
        {
            return isSameInit && feeds[media.TrackId].Knows(media.Fragment);
        }
    }

    /// <summary>How far a fragment of another connection is ahead of what came here, in seconds; null where the track is not known.</summary>
    public double? LeadOf(IngestEvent.Media media)
    {
        lock (publication.Point.Timeline)
        {
            return Volatile.Read(ref _feeds).TryGetValue(media.TrackId, out IngestTrackFeed? feed) && feed.OwnEnd is { } end
                ? media.Fragment.Start.Seconds - end.Seconds
                : null;
        }
    }

    /// <summary>An init came: its video and audio tracks open, and those that are open follow it.</summary>
    public void Open(IReadOnlyList<IngestTrack> tracks)
    {
        lock (_openLock)
        {
            Dictionary<uint, IngestTrackFeed> feeds = new(_feeds);
            Dictionary<TrackKind, int> seen = [];
            foreach (IngestTrack track in tracks)
            {
                TrackKind kind = track.Description.Kind;
                if (kind == TrackKind.Other)
                {
                    publication.NoteOther(track.Description);
                    continue;
                }

                int number = seen[kind] = seen.GetValueOrDefault(kind) + 1;
                if (feeds.TryGetValue(track.TrackId, out IngestTrackFeed? known))
                {
                    known.Follow(track.Description);
                    continue;
                }

                feeds.Add(track.TrackId, publication.OpenTrack(name, number, track.Description));
            }

            Volatile.Write(ref _feeds, feeds);
        }

        publication.ChooseDriver();
    }

    /// <summary>
    /// Publishes what came at once. The track that drives the segment grid goes first, so that nobody asks the grid of the others' samples before
    /// it knows: muxers may write audio before the video that it belongs to.
    /// </summary>
    /// <param name="run">Media of tracks that are open.</param>
    /// <param name="published">Told of each before it is published: from then on it is not the caller's.</param>
    public void Publish(IReadOnlyList<IngestEvent.Media> run, Action<IngestEvent.Media> published)
    {
        IReadOnlyDictionary<uint, IngestTrackFeed> feeds = Volatile.Read(ref _feeds);
        foreach (IngestEvent.Media media in run.OrderBy(media => feeds[media.TrackId].DrivesGrid ? 0 : 1))
        {
            published(media);
            lock (publication.Point.Timeline)
            {
                Publish(feeds[media.TrackId], media.Fragment);
            }
        }
    }

    /// <summary>The encoder said something beside its media; of media itself nothing is noted here.</summary>
    public void Note(IngestEvent happened)
    {
        switch (happened)
        {
            case IngestEvent.Clock clock:
                publication.Note((clock.Reference.WallClock - publication.Time.GetUtcNow()).TotalSeconds);
                break;
            case IngestEvent.Filler:
                publication.NoteFiller();
                break;
            case IngestEvent.Message message:
                Take(message);
                break;
        }
    }

    /// <summary>What waits for its time goes out.</summary>
    public void Flush()
    {
        lock (publication.Point.Timeline)
        {
            publication.Point.Pacer.Flush();
        }
    }

    /// <summary>Once there is media, of this stream or of one on the same clock, it is known where its times are on the broadcast's timeline.</summary>
    private void Take(IngestEvent.Message message)
    {
        lock (publication.Point.Timeline)
        {
            if ((_shift ?? publication.Shift) is { } shift)
            {
                MediaTime start = message.Start;
                publication.Point.Messages.Take(message.Emsg, start with { Ticks = start.Ticks + shift.TicksFor(start.Timescale) });
            }
        }
    }

    private void Publish(IngestTrackFeed feed, Fragment sent)
    {
        PublishingPoint point = publication.Point;
        if (feed.NewOf(sent) is not { } fragment)
        {
            return;
        }

        if (_shift is null || feed.Jumps(fragment, _shift, point.ReachedTime))
        {
            point.Pacer.Flush();
            _shift = publication.Place(_shift, fragment);
            foreach (IngestTrackFeed other in Feeds)
            {
                other.Restart();
            }
        }

        if (feed.LeavesOut(fragment, _shift, point.ReachedTime))
        {
            return;
        }

        Fragment placed = feed.Place(fragment, _shift);
        point.Reached(placed.End, publication.Time.GetUtcNow());
        point.Pacer.Publish(feed, placed, point.Session.Parts.Seconds);
    }
}
