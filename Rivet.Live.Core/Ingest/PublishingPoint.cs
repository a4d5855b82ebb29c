using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>Where one broadcast is published: who publishes now, and where the next one continues.</summary>
internal sealed class PublishingPoint(BroadcastSession session)
{
    private readonly Lock _stateLock = new();
    private Publisher? _publisher;
    private (MediaTime End, DateTimeOffset At)? _reached;
    private readonly List<SourceTrackMeter> _meters = [];
    private long _publishers;

    public BroadcastId Broadcast => session.Broadcast;

    public BroadcastSession Session => session;

    /// <summary>Who publishes; null while nobody does.</summary>
    public Publisher? Publisher
    {
        get
        {
            lock (_stateLock)
            {
                return _publisher;
            }
        }
    }

    /// <summary>True once media was published.</summary>
    public bool HasMedia
    {
        get
        {
            lock (_stateLock)
            {
                return _reached is not null;
            }
        }
    }

    /// <summary>How many publishers it has had: a waiter for the next one compares.</summary>
    public long Publishers => Interlocked.Read(ref _publishers);

    /// <summary>Where the newest sample ends on the timeline; null before the first.</summary>
    public MediaTime? ReachedTime
    {
        get
        {
            lock (_stateLock)
            {
                return _reached?.End;
            }
        }
    }

    /// <summary>What is measured of the publisher's tracks, in the order in which they opened.</summary>
    public IReadOnlyList<SourceTrackMeter> Meters
    {
        get
        {
            lock (_stateLock)
            {
                return [.. _meters];
            }
        }
    }

    /// <summary>The meter of a track, the same for every connection.</summary>
    public SourceTrackMeter MeterOf(string name, TrackDescription track)
    {
        lock (_stateLock)
        {
            SourceTrackMeter? meter = _meters.Find(meter => meter.Name == name);
            if (meter is null)
            {
                meter = new SourceTrackMeter(name, track);
                _meters.Add(meter);
            }

            return meter;
        }
    }

    /// <summary>Makes the publisher this broadcast's one, if there is none or it may take over.</summary>
    /// <param name="publisher">Who asks.</param>
    /// <param name="takesOver">Close whoever publishes now.</param>
    public bool TryEnter(Publisher publisher, bool takesOver)
    {
        Publisher? replaced;
        lock (_stateLock)
        {
            if (_publisher is not null && !takesOver)
            {
                return false;
            }

            replaced = _publisher;
            _publisher = publisher;
            Interlocked.Increment(ref _publishers);
        }

        replaced?.Close(IngestEndReason.TakenOver);
        return true;
    }

    /// <summary>The connection is over. False where another publisher had taken its place before.</summary>
    public bool Leave(Publisher publisher)
    {
        lock (_stateLock)
        {
            if (_publisher != publisher)
            {
                return false;
            }

            _publisher = null;
            return true;
        }
    }

    /// <summary>Ends the connection of whoever publishes now.</summary>
    public void Close() => Publisher?.Close(IngestEndReason.Closed);

    /// <summary>
    /// Where a connection's media goes: as it is for the first one; for one that came back, as far behind the newest sample as the wall
    /// clock says, so that the timeline and the wall clock stay together.
    /// </summary>
    public TimelineShift PlaceOnTimeline(MediaTime first, DateTimeOffset takenAt, double burstSeconds)
    {
        lock (_stateLock)
        {
            if (_reached is not var (end, at))
            {
                session.Anchor(first, takenAt, burstSeconds);
                return new TimelineShift(0, IsContinuation: false);
            }

            decimal away = Math.Max(0, (decimal)(takenAt - at).TotalSeconds);
            decimal start = ((decimal)end.Ticks / end.Timescale) + away;
            return new TimelineShift(start - ((decimal)first.Ticks / first.Timescale), IsContinuation: true);
        }
    }

    /// <summary>The newest sample published so far ends here.</summary>
    public void Reached(MediaTime end, DateTimeOffset at)
    {
        lock (_stateLock)
        {
            if (_reached is not var (before, _) || end > before)
            {
                _reached = (end, at);
            }
        }
    }
}
