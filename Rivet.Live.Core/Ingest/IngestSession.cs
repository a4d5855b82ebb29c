using System.IO.Pipelines;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>One publisher's connection, from its first byte to its last: reads fragments and publishes them as the broadcast's tracks.</summary>
internal sealed class IngestSession : IDisposable
{
    private readonly PublishingPoint _point;
    private readonly Publisher _publisher;
    private readonly FragmentBroadcasterRegistry _registry;
    private readonly TimeProvider _time;
    private readonly FragmentReader _reader;
    private readonly Dictionary<uint, IngestTrackFeed> _feeds = [];
    private readonly List<IngestEvent> _events = [];
    private readonly HashSet<IngestEvent.Media> _published = new(ReferenceEqualityComparer.Instance);
    private TimelineShift? _shift;

    public IngestSession(
        PublishingPoint point,
        Publisher publisher,
        FragmentBroadcasterRegistry registry,
        PayloadPool pool,
        IngestLimits limits,
        TimeProvider time)
    {
        _point = point;
        _publisher = publisher;
        _registry = registry;
        _time = time;
        _reader = new FragmentReader(pool, limits);
    }

    /// <summary>Bytes read.</summary>
    public long Bytes => _reader.Bytes;

    /// <summary>Fragments read, each track's on its own.</summary>
    public long Fragments => _reader.Fragments;

    /// <summary>The longest track's media, in seconds.</summary>
    public double DurationSeconds => _feeds.Values.Select(static feed => feed.DurationSeconds).DefaultIfEmpty(0).Max();

    /// <summary>What the publisher sends, as far as it said so.</summary>
    public IReadOnlyList<TrackDescription> Tracks => [.. _feeds.Values.Select(static feed => feed.Track)];

    /// <summary>Reads the body to its end, publishing as fragments complete.</summary>
    /// <param name="body">The request's body.</param>
    /// <param name="idleLimit">A publisher silent for longer is gone.</param>
    /// <exception cref="IngestRejectedException">The bytes cannot be ingested.</exception>
    public async Task<IngestEndReason> RunAsync(PipeReader body, TimeSpan idleLimit)
    {
        using var idle = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, _publisher.Closing);
        try
        {
            while (true)
            {
                idle.CancelAfter(idleLimit);
                ReadResult read = await body.ReadAsync(stop.Token);
                try
                {
                    _reader.Accept(read.Buffer, _time.GetTimestamp(), _events);
                }
                finally
                {
                    // Also what was complete before a refusal counts, and the pipe must know that nobody reads on.
                    body.AdvanceTo(read.Buffer.End);
                    PublishEvents();
                }

                if (read.IsCompleted)
                {
                    return End();
                }
            }
        }
        catch (OperationCanceledException) when (_publisher.ClosedFor is not null)
        {
            return _publisher.ClosedFor.Value;
        }
        catch (OperationCanceledException) when (idle.IsCancellationRequested)
        {
            return IngestEndReason.Idle;
        }
        catch (IOException)
        {
            // By design: a publisher that vanishes is no fault of ours; the broadcast waits for it to come back.
            return IngestEndReason.Broken;
        }
    }

    public void Dispose() => _reader.Dispose();

    private IngestEndReason End()
    {
        if (!_reader.IsBetweenFragments)
        {
            return IngestEndReason.Broken;
        }

        lock (_point.Timeline)
        {
            _point.Pacer.Flush();
        }

        return IngestEndReason.Finished;
    }

    private void PublishEvents()
    {
        try
        {
            for (int next = 0; next < _events.Count && _publisher.ClosedFor is null; next++)
            {
                if (_events[next] is IngestEvent.Init init)
                {
                    Open(init.Tracks);
                    continue;
                }

                int end = _events.FindIndex(next, static happened => happened is IngestEvent.Init);
                PublishMedia(next, end < 0 ? _events.Count : end);
                next = (end < 0 ? _events.Count : end) - 1;
            }
        }
        finally
        {
            // What was published is its broadcaster's; the rest, of a publisher that has been told to go, is nobody's.
            foreach (IngestEvent.Media left in _events.OfType<IngestEvent.Media>().Where(media => !_published.Contains(media)))
            {
                left.Fragment.Dispose();
            }

            _published.Clear();
            _events.Clear();
        }
    }

    /// <summary>
    /// The track that drives the segment grid goes first, so that nobody asks the grid of the others' samples before it knows: muxers may
    /// write audio before the video that it belongs to.
    /// </summary>
    private void PublishMedia(int begin, int end)
    {
        IEnumerable<IngestEvent.Media> run = _events[begin..end].Cast<IngestEvent.Media>().OrderBy(media => _feeds[media.TrackId].DrivesGrid ? 0 : 1);
        foreach (IngestEvent.Media media in run)
        {
            _published.Add(media);
            lock (_point.Timeline)
            {
                Publish(media);
            }
        }
    }

    private void Open(IReadOnlyList<IngestTrack> tracks)
    {
        bool hasVideo = tracks.Any(static track => track.Description.Kind == TrackKind.Video);
        TrackKind driver = hasVideo ? TrackKind.Video : TrackKind.Audio;
        Dictionary<TrackKind, int> seen = [];
        foreach (IngestTrack track in tracks)
        {
            TrackKind kind = track.Description.Kind;
            int number = seen[kind] = seen.GetValueOrDefault(kind) + 1;
            if (_feeds.TryGetValue(track.TrackId, out IngestTrackFeed? known))
            {
                known.Follow(track.Description);
                continue;
            }

            string name = TrackName.Of(kind, number);
            _point.Session.Parts.Expect(name, track.Description);
            FragmentBroadcaster broadcaster = _registry.GetOrCreate(
                new TrackKey(_point.Broadcast, name), kind, _point.Session, rendition: null, track.Description);
            bool drivesGrid = kind == driver && number == 1;
            ArrivalClock arrivals = _point.ArrivalsOf(broadcaster, drivesGrid);
            _feeds.Add(track.TrackId, new IngestTrackFeed(
                track.Description, broadcaster, _point.MeterOf(name, track.Description), arrivals, drivesGrid));
        }
    }

    private void Publish(IngestEvent.Media media)
    {
        Fragment fragment = media.Fragment;
        IngestTrackFeed feed = _feeds[media.TrackId];
        if (_shift is null || feed.Jumps(fragment, _shift))
        {
            _point.Pacer.Flush();

            // The clock starts where the first sample would have been taken: one fragment before its last byte came.
            TimeSpan length = TimeSpan.FromSeconds(fragment.End.Seconds - fragment.Start.Seconds);
            DateTimeOffset taken = _time.GetUtcNow() - length;
            _shift = _point.PlaceOnTimeline(fragment.Start, taken);
            foreach (IngestTrackFeed other in _feeds.Values)
            {
                other.Restart();
            }
        }

        if (feed.IsStray(fragment, _shift))
        {
            fragment.Dispose();
            return;
        }

        Fragment placed = feed.Place(fragment, _shift);
        _point.Reached(feed.End, _time.GetUtcNow());
        _point.Pacer.Publish(feed, placed, _point.Session.Parts.Seconds);
    }
}
