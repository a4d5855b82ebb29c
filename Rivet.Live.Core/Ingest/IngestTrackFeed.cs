using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>One track of one connection on its way into the registry: moves its times, stamps the segment grid, publishes.</summary>
internal sealed class IngestTrackFeed(
    TrackDescription track, FragmentBroadcaster broadcaster, SourceTrackMeter meter, bool drivesGrid)
{
    // Muxers overlap by a sample or two when they trim priming; more than that is a clock that was set back.
    private const double BackwardSeconds = 0.5;

    // A pause shorter than that is a hole in one timeline; players wait it out.
    private const double ForwardSeconds = 10;

    private bool _isFirst = true;
    private long _ticks;

    public TrackDescription Track { get; private set; } = track;

    /// <summary>Media published, in seconds.</summary>
    public double DurationSeconds => (double)_ticks / Track.Timescale;

    /// <summary>Where the newest sample ends on the broadcast's timeline.</summary>
    public MediaTime End { get; private set; } = new(0, track.Timescale);

    /// <summary>The publisher sent its init again.</summary>
    public void Follow(TrackDescription description) => Track = description;

    /// <summary>True where the publisher's clock ran backwards, or leapt: what follows is placed anew, behind a discontinuity.</summary>
    public bool Jumps(Fragment fragment, TimelineShift shift)
    {
        double away = (fragment.Start.Ticks + shift.TicksFor(fragment.Track) - End.FloorTo(fragment.Track.Timescale).Ticks)
            / (double)fragment.Track.Timescale;
        return !_isFirst && away is < -BackwardSeconds or > ForwardSeconds;
    }

    /// <summary>The next fragment does not continue the one before.</summary>
    public void Restart() => _isFirst = true;

    /// <summary>Takes the fragment over.</summary>
    public void Publish(Fragment fragment, TimelineShift shift)
    {
        Fragment placed = fragment.Shifted(shift.TicksFor(fragment.Track), isDiscontinuity: _isFirst && shift.IsContinuation);
        _isFirst = false;
        _ticks += fragment.Samples.Sum(static sample => (long)sample.Duration);
        End = placed.End;
        meter.Count(placed);
        if (drivesGrid)
        {
            broadcaster.Session.Grid.Observe(placed);
        }

        broadcaster.Publish(placed);
    }
}
