using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>Where one broadcast is published: who publishes now, one publisher or several that send the same, and where the next one continues.</summary>
internal sealed class PublishingPoint
{
    private readonly BroadcastSession _session;
    private readonly TimeProvider _time;
    private readonly Lock _stateLock = new();
    private readonly List<Publisher> _publishersNow = [];
    private readonly List<Publisher> _guests = [];
    private Publication? _publication;
    private IReadOnlyList<Finding> _findings = [];
    private (MediaTime End, DateTimeOffset At)? _reached;
    private readonly List<SourceTrackMeter> _meters = [];
    private readonly Dictionary<(string Stream, TrackKind Kind, int Number), string> _trackNames = [];
    private readonly List<ArrivalClock> _arrivals = [];
    private readonly int _publishersMax;
    private long _publishers;
    private int _inside;
    private bool _closed;
    private readonly TaskCompletionSource _whenClosed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="session">Of the broadcast.</param>
    /// <param name="time">The clock.</param>
    /// <param name="limits">How many may be there at once; null is the default.</param>
    public PublishingPoint(BroadcastSession session, TimeProvider time, IngestLimits? limits = null)
    {
        _publishersMax = (limits ?? IngestLimits.Default).MaxPublishersPerBroadcast;
        _session = session;
        _time = time;
        Pacer = new FragmentPacer(Timeline, _arrivals, time);
        Messages = new TimedMessages(session);
    }

    public BroadcastId Broadcast => _session.Broadcast;

    public BroadcastSession Session => _session;

    /// <summary>Held by whoever adds to the timeline, media or its absence: both happen one after the other, in all tracks.</summary>
    public Lock Timeline { get; } = new();

    /// <summary>What came in bursts and waits for its time.</summary>
    public FragmentPacer Pacer { get; }

    /// <summary>What its publishers say of times; used under <see cref="Timeline"/>.</summary>
    public TimedMessages Messages { get; }

    /// <summary>The publisher's tracks and when they are due; read under <see cref="Timeline"/>.</summary>
    public IReadOnlyList<ArrivalClock> Arrivals => _arrivals;

    /// <summary>Who publishes; null while nobody does.</summary>
    public Publisher? Publisher
    {
        get
        {
            lock (_stateLock)
            {
                return _publishersNow.FirstOrDefault();
            }
        }
    }

    /// <summary>All who publish: beside the first those that send the same.</summary>
    public IReadOnlyList<Publisher> PublishersNow
    {
        get
        {
            lock (_stateLock)
            {
                return [.. _publishersNow];
            }
        }
    }

    /// <summary>What the newest publisher publishes; null before the first.</summary>
    public Publication? Publication
    {
        get => Volatile.Read(ref _publication);
        set => Volatile.Write(ref _publication, value);
    }

    /// <summary>What was found about it; replaced as a whole.</summary>
    public IReadOnlyList<Finding> Findings
    {
        get => Volatile.Read(ref _findings);
        set => Volatile.Write(ref _findings, value);
    }

    /// <summary>True once nobody may enter any more.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_stateLock)
            {
                return _closed;
            }
        }
    }

    /// <summary>Completes when the point is closed for good.</summary>
    public Task WhenClosed => _whenClosed.Task;

    /// <summary>Completes when nobody publishes, also nobody who was replaced and has not noticed yet.</summary>
    public Task WhenEmpty
    {
        get
        {
            lock (_stateLock)
            {
                return _inside == 0 ? Task.CompletedTask : _empty.Task;
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

    /// <summary>A name for one of a publisher's tracks: the one that the same stream's had before, else the first that is free.</summary>
    /// <param name="stream">The stream's name.</param>
    /// <param name="kind">What the track's samples are.</param>
    /// <param name="number">Counted from 1 among the stream's tracks of the kind.</param>
    /// <param name="taken">Names of the publisher's other tracks.</param>
    public string TrackNameOf(string stream, TrackKind kind, int number, IReadOnlySet<string> taken)
    {
        lock (_stateLock)
        {
            if (!_trackNames.TryGetValue((stream, kind, number), out string? name) || taken.Contains(name))
            {
                name = Enumerable.Range(1, taken.Count + 1).Select(free => TrackName.Of(kind, free)).First(free => !taken.Contains(free));
                _trackNames[(stream, kind, number)] = name;
            }

            return name;
        }
    }

    /// <summary>The arrival clock of a track, the same for every connection.</summary>
    public ArrivalClock ArrivalsOf(FragmentBroadcaster broadcaster)
    {
        lock (Timeline)
        {
            ArrivalClock? clock = _arrivals.Find(clock => clock.Broadcaster == broadcaster);
            if (clock is null)
            {
                clock = new ArrivalClock(broadcaster, _time);
                _arrivals.Add(clock);
            }

            return clock;
        }
    }

    /// <summary>Makes the publisher this broadcast's one, if there is none or it may take over, and the point is not closed. Who entered leaves.</summary>
    /// <param name="publisher">Who asks.</param>
    /// <param name="takesOver">Close whoever publishes now.</param>
    public bool TryEnter(Publisher publisher, bool takesOver)
    {
        Publisher[] replaced;
        lock (_stateLock)
        {
            if (_closed || (_publishersNow.Count > 0 && !takesOver))
            {
                return false;
            }

            if (!_guests.Remove(publisher))
            {
                CountIn();
            }

            replaced = [.. _publishersNow];
            _publishersNow.Clear();
            _publishersNow.Add(publisher);
            Interlocked.Increment(ref _publishers);
        }

        foreach (Publisher other in replaced)
        {
            other.Close(IngestEndReason.TakenOver);
        }

        return true;
    }

    /// <summary>Lets somebody in beside whoever publishes: what it sends shows whether it may stay. Who entered leaves.</summary>
    public bool TryEnterBeside(Publisher publisher)
    {
        lock (_stateLock)
        {
            if (_closed || _publishersNow.Count == 0 || _publishersNow.Count + _guests.Count >= _publishersMax)
            {
                return false;
            }

            CountIn();
            _guests.Add(publisher);
            return true;
        }
    }

    /// <summary>True for somebody who is in beside those who publish.</summary>
    public bool IsBeside(Publisher publisher)
    {
        lock (_stateLock)
        {
            return _guests.Contains(publisher);
        }
    }

    /// <summary>Who is in beside sends the same as those who publish, and publishes with them. False where nobody does any more.</summary>
    public bool TryJoin(Publisher publisher)
    {
        lock (_stateLock)
        {
            if (_closed || _publishersNow.Count == 0)
            {
                return false;
            }

            _guests.Remove(publisher);
            _publishersNow.Add(publisher);
            return true;
        }
    }

    /// <summary>The connection is over. True for the last of those who publish.</summary>
    public bool Leave(Publisher publisher)
    {
        lock (_stateLock)
        {
            if (--_inside == 0)
            {
                _empty.SetResult();
            }

            _guests.Remove(publisher);
            return _publishersNow.Remove(publisher) && _publishersNow.Count == 0;
        }
    }

    /// <summary>Closes for good: whoever publishes has left, and all that came is published.</summary>
    public async Task EndAsync()
    {
        Close();
        await WhenEmpty;
        lock (Timeline)
        {
            Pacer.Flush();
        }

        _session.Grid.End();
    }

    /// <summary>Ends the connection of whoever publishes now, and lets nobody in any more.</summary>
    public void Close()
    {
        Publisher[] inside;
        lock (_stateLock)
        {
            _closed = true;
            inside = [.. _publishersNow, .. _guests];
        }

        _whenClosed.TrySetResult();
        foreach (Publisher publisher in inside)
        {
            publisher.Close(IngestEndReason.Closed);
        }
    }

    /// <summary>Closes, unless a publisher has come since there had been so many.</summary>
    public bool TryClose(long publishers)
    {
        lock (_stateLock)
        {
            _closed |= _publishers == publishers;
            return _closed;
        }
    }

    /// <summary>
    /// Where a connection's media goes: as it is for the first one; for one that came back, as far behind the newest sample as the wall
    /// clock says, so that the timeline and the wall clock stay together; never where media was told as absent. Called under <see cref="Timeline"/>.
    /// </summary>
    public TimelineShift PlaceOnTimeline(MediaTime first, DateTimeOffset takenAt)
    {
        lock (_stateLock)
        {
            if (_reached is not var (end, at))
            {
                _session.Anchor(first, takenAt);
                return new TimelineShift(0, IsContinuation: false, SecondsOf(first));
            }

            decimal away = Math.Max(0, (decimal)(takenAt - at).TotalSeconds);
            decimal start = Math.Max(SecondsOf(end) + away, _arrivals.Select(static clock => SecondsOf(clock.Reached)).DefaultIfEmpty(0).Max());
            return new TimelineShift(start - SecondsOf(first), IsContinuation: true, start);
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

    private void CountIn()
    {
        if (_inside++ == 0)
        {
            _empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private static decimal SecondsOf(MediaTime? time) => time is { } known ? (decimal)known.Ticks / known.Timescale : decimal.MinValue;
}
