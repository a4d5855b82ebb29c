using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>One track of one connection on its way into the registry: moves its times, counts, stamps the segment grid, publishes.</summary>
internal sealed class IngestTrackFeed(TrackDescription track, FragmentBroadcaster broadcaster, SourceTrackMeter meter, ArrivalClock arrivals)
{
    // Muxers overlap a little (see DecodeOrder); more than that is a clock that was set back.
    private const double BackwardSeconds = 0.5;

    // A pause shorter than that is a hole in one timeline; players wait it out.
    private const double ForwardSeconds = 10;

    private readonly RecentSamples _recent = new();
    private readonly TrackTraits _traits = new(track);
    private bool _isFirst = true;
    private TrackDescription? _last;
    private TrackDescription? _released;
    private double _seconds;

    public string Name => broadcaster.Key.Track;

    /// <summary>The segment grid is cut where this track's keyframes are.</summary>
    public bool DrivesGrid
    {
        get;
        set => arrivals.DrivesGrid = field = value;
    }

    public ArrivalClock Arrivals => arrivals;

    public TrackDescription Track { get; private set; } = track;

    /// <summary>Media published, in seconds.</summary>
    public double DurationSeconds => _seconds;

    /// <summary>Where the newest sample of the track ends on the broadcast's timeline, whoever sent it; null before the first.</summary>
    public MediaTime? End => arrivals.SamplesEnd;

    /// <summary>The publisher sent its init again.</summary>
    public void Follow(TrackDescription description) => Track = description;

    /// <summary>What it is like so far.</summary>
    public TrackTraits Traits => _traits;

    /// <summary>What of a fragment did not come before, sent again or by another publisher of the same; takes the fragment over. Null where all of it did.</summary>
    public Fragment? NewOf(Fragment fragment)
    {
        int known = _recent.Add(fragment);
        if (known == 0)
        {
            return fragment;
        }

        meter.CountRepeat();
        using (fragment)
        {
            return known < fragment.Samples.Length ? fragment.Slice(known.., fragment.ReceivedAt) : null;
        }
    }

    /// <summary>True for a fragment of which something came before; it is not counted.</summary>
    public bool Knows(Fragment fragment) => _recent.CountKnown(fragment) > 0;

    /// <summary>Where the newest fragment ended on the publisher's own clock.</summary>
    public MediaTime? OwnEnd { get; private set; }

    /// <summary>
    /// True where the publisher's clock ran backwards, or leapt: what follows is placed anew, behind a discontinuity. So it is where the track that drives the grid begins on
    /// a clock of its own: the others are left out then, which are less.
    /// </summary>
    /// <param name="fragment">What came.</param>
    /// <param name="shift">Where it would go.</param>
    /// <param name="reached">Where the newest sample of all tracks ends; null before the first.</param>
    public bool Jumps(Fragment fragment, TimelineShift shift, MediaTime? reached)
    {
        double? away = SecondsOf(fragment.Start, shift) - End?.Seconds;
        if (!_isFirst)
        {
            return away is < -BackwardSeconds or > ForwardSeconds;
        }

        bool isBack = fragment.Track.Kind == TrackKind.Video && away < -BackwardSeconds;
        return isBack || (DrivesGrid && _last is null && IsFar(fragment, shift, reached));
    }

    /// <summary>
    /// Takes over what there is no place for: the first fragment of a track that is far from all others, on a clock of its own or from before the jump that the shift was
    /// made for, which another track took first; or sound from before the picture that the shift was made for, at a time that has sound already. False for all else.
    /// </summary>
    /// <inheritdoc cref="Jumps" path="/param"/>
    public bool LeavesOut(Fragment fragment, TimelineShift shift, MediaTime? reached)
    {
        bool isFar = _isFirst && IsFar(fragment, shift, reached);
        bool isTaken = _isFirst && shift.IsContinuation && fragment.Track.Kind != TrackKind.Video && SecondsOf(fragment.End, shift) <= End?.Seconds;
        if (isFar)
        {
            _traits.LeaveOut(SecondsOf(fragment.Start, shift) - (double)shift.StartSeconds);
        }

        if (isFar || isTaken)
        {
            fragment.Dispose();
        }

        return isFar || isTaken;
    }

    /// <summary>The next fragment does not continue the one before.</summary>
    public void Restart()
    {
        _isFirst = true;
        _released = null;
    }

    /// <summary>Takes the fragment over and gives it back in its place on the timeline, counted but not published.</summary>
    public Fragment Place(Fragment fragment, TimelineShift shift)
    {
        OwnEnd = fragment.End;
        Fragment placed = InOrder(fragment.Shifted(shift.TicksFor(fragment.Track), IsDiscontinuity(fragment, shift)));
        _isFirst = false;
        _last = fragment.Track;
        _seconds += (double)fragment.Samples.Sum(static sample => (long)sample.Duration) / fragment.Track.Timescale;
        meter.Count(placed);
        _traits.Observe(placed, arrivals.SecondsOf(placed));
        broadcaster.Session.Parts.Observe(broadcaster.Key.Track, placed, DrivesGrid);
        arrivals.Arrived(placed);
        return placed;
    }

    /// <summary>Publishes a placed fragment, or a piece of one; takes it over.</summary>
    public void Release(Fragment placed)
    {
        if (DrivesGrid)
        {
            broadcaster.Session.Grid.Observe(placed);
        }
        else if (_released is not null && !_released.IsSameStreamAs(placed.Track))
        {
            broadcaster.Session.Grid.Discontinue();
        }

        _released = placed.Track;
        broadcaster.Publish(placed);
    }

    private static double SecondsOf(MediaTime time, TimelineShift shift) => (double)(time.Ticks + shift.TicksFor(time.Timescale)) / time.Timescale;

    private static bool IsFar(Fragment fragment, TimelineShift shift, MediaTime? reached)
    {
        double start = SecondsOf(fragment.Start, shift);
        double begun = (double)shift.StartSeconds;
        return start < begun - ForwardSeconds || start > Math.Max(begun, reached?.Seconds ?? begun) + ForwardSeconds;
    }

    private Fragment InOrder(Fragment placed)
    {
        int timescale = placed.Track.Timescale;
        return placed.Retimed(DecodeOrder.Behind(End?.CeilingTo(timescale).Ticks ?? long.MinValue, placed.Samples, timescale));
    }

    private bool IsDiscontinuity(Fragment fragment, TimelineShift shift) =>
        (_isFirst && shift.IsContinuation) || (_last is not null && !_last.IsSameStreamAs(fragment.Track));
}
