using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>What one publisher publishes, over one connection or many: streams of fragments on one clock, as tracks of the broadcast.</summary>
/// <param name="point">Where it is published.</param>
/// <param name="registry">Where its tracks open.</param>
/// <param name="time">The clock.</param>
/// <param name="patience">How long sound waits for a video track that may come over another connection; zero where all tracks come together.</param>
internal sealed partial class Publication(PublishingPoint point, FragmentBroadcasterRegistry registry, TimeProvider time, TimeSpan patience = default)
{
    // A stream that comes on the clock of the others is no further from them than that.
    private const double SameClockSeconds = 10;

    private readonly Lock _streamsLock = new();
    private readonly List<PublishedStream> _streams = [];
    private readonly HashSet<string> _trackNames = [];
    private readonly TaskCompletionSource _hasVideo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _beganAt = time.GetTimestamp();

    public PublishingPoint Point => point;

    public TimeProvider Time => time;

    /// <summary>The newest shift of any stream; null before the first fragment. Used under the point's timeline lock.</summary>
    public TimelineShift? Shift { get; private set; }

    /// <summary>Its stream where there is one only: what another publisher of the same can join.</summary>
    public PublishedStream? Only
    {
        get
        {
            lock (_streamsLock)
            {
                return _streams is [var only] ? only : null;
            }
        }
    }

    /// <summary>A stream of its own.</summary>
    /// <param name="name">The same for the same tracks whenever they come back; empty where there is one stream only.</param>
    public PublishedStream Open(string name)
    {
        lock (_streamsLock)
        {
            PublishedStream stream = new(this, name);
            _streams.Add(stream);
            point.Publication = this;
            return stream;
        }
    }

    /// <summary>Opens a track, or finds the one that the same stream had before.</summary>
    /// <param name="stream">The stream's name.</param>
    /// <param name="number">Counted from 1 among the stream's tracks of the kind.</param>
    /// <param name="track">Its init.</param>
    public IngestTrackFeed OpenTrack(string stream, int number, TrackDescription track)
    {
        string name;
        lock (_streamsLock)
        {
            name = point.TrackNameOf(stream, track.Kind, number, _trackNames);
            _trackNames.Add(name);
        }

        point.Session.Parts.Expect(name, track);
        FragmentBroadcaster broadcaster = registry.GetOrCreate(
            new TrackKey(point.Broadcast, name), track.Kind, point.Session, rendition: null, track);
        Interlocked.CompareExchange(ref _initAt, Math.Max(1, time.GetTimestamp()), 0);
        IngestTrackFeed feed = new(track, broadcaster, point.MeterOf(name, track), point.ArrivalsOf(broadcaster));
        if (track.Kind == TrackKind.Video)
        {
            _hasVideo.TrySetResult();
        }

        return feed;
    }

    /// <summary>Decides which track drives the segment grid: the first video track, or the first audio track where there is none.</summary>
    public void ChooseDriver()
    {
        lock (_streamsLock)
        {
            IngestTrackFeed[] feeds = [.. _streams.SelectMany(static stream => stream.Feeds)];
            IngestTrackFeed? driver = Array.Find(feeds, static feed => feed.Name == TrackName.Of(TrackKind.Video, 1))
                ?? Array.Find(feeds, static feed => feed.Name == TrackName.Of(TrackKind.Audio, 1));
            foreach (IngestTrackFeed feed in feeds)
            {
                feed.DrivesGrid = feed == driver;
            }
        }
    }

    /// <summary>Completes when media may be published: once there is video, or none came in time.</summary>
    public async ValueTask WhenDrivenAsync(CancellationToken over)
    {
        TimeSpan left = patience - time.GetElapsedTime(_beganAt);
        if (!_hasVideo.Task.IsCompleted && left > TimeSpan.Zero)
        {
            await Task.WhenAny(_hasVideo.Task, Task.Delay(left, time, over));
            over.ThrowIfCancellationRequested();
        }
    }

    /// <summary>
    /// Where a stream's media goes that begins, or jumped: with the other streams where that is near, else where the wall clock says.
    /// Called under the point's timeline lock.
    /// </summary>
    /// <param name="before">The shift that no longer holds; null for a stream's first fragment.</param>
    /// <param name="fragment">What comes first.</param>
    public TimelineShift Place(TimelineShift? before, Fragment fragment)
    {
        if (Shift is { } shared && shared != before && IsNear(shared, fragment))
        {
            return shared;
        }

        // The clock starts where the first sample would have been taken: one fragment before its last byte came.
        TimeSpan length = TimeSpan.FromSeconds(fragment.End.Seconds - fragment.Start.Seconds);
        return Shift = point.PlaceOnTimeline(fragment.Start, time.GetUtcNow() - length);
    }

    private bool IsNear(TimelineShift shift, Fragment fragment)
    {
        double start = fragment.Start.Seconds + (double)shift.Seconds;
        return point.ReachedTime is { } reached && Math.Abs(start - reached.Seconds) <= SameClockSeconds;
    }
}
