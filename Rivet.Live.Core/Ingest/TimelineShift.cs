using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>Moves one connection's times onto the broadcast's timeline, all its tracks by the same amount.</summary>
/// <param name="Seconds">Added to every time: zero for a broadcast's first publisher.</param>
/// <param name="IsContinuation">A publisher was there before: its tracks' first fragments begin behind a discontinuity.</param>
/// <param name="StartSeconds">Where the media that it was made for begins on the broadcast's timeline.</param>
internal sealed record TimelineShift(decimal Seconds, bool IsContinuation, decimal StartSeconds = 0)
{
    /// <summary>The amount in a track's own ticks, the same for all of its samples.</summary>
    public long TicksFor(TrackDescription track) => TicksFor(track.Timescale);

    /// <inheritdoc cref="TicksFor(TrackDescription)"/>
    public long TicksFor(int timescale) => (long)Math.Floor(Seconds * timescale);
}
