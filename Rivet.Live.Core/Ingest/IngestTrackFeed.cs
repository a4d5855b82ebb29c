using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>One track of one connection on its way into the registry: moves its times, stamps the segment grid, publishes.</summary>
internal sealed class IngestTrackFeed(
    TrackDescription track, FragmentBroadcaster broadcaster, SourceTrackMeter meter, bool drivesGrid)
{
    private bool _isFirst = true;
    private long _ticks;

    public TrackDescription Track { get; private set; } = track;

    /// <summary>Media published, in seconds.</summary>
    public double DurationSeconds => (double)_ticks / Track.Timescale;

    /// <summary>Where the newest sample ends on the broadcast's timeline.</summary>
    public MediaTime End { get; private set; } = new(0, track.Timescale);

    /// <summary>The publisher sent its init again.</summary>
    public void Follow(TrackDescription description) => Track = description;

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
