using Rivet.Live.Core.Broadcast;

namespace Rivet.Live.Core.Packaging;

/// <summary>The way of a part's last sample until the part was whole, in moments of one clock (<see cref="TimeProvider.GetTimestamp"/>). Each stage ends where the next begins.</summary>
/// <param name="ProducedAt">The encoder's own clock, for the fragment that the sample came with; null where it did not say.</param>
/// <param name="FirstByteAt">The first byte of that fragment was in hand.</param>
/// <param name="ReceivedAt">Its last byte was; of one that came in a burst, its turn had come.</param>
/// <param name="DecodedAt">For a rendition: the picture was decoded.</param>
/// <param name="PublishedAt">The sample was part of its track: for a rendition, scaled and encoded.</param>
/// <param name="PackagedAt">The part was written.</param>
internal readonly record struct PartMoments(long? ProducedAt, long FirstByteAt, long ReceivedAt, long? DecodedAt, long PublishedAt, long PackagedAt)
{
    /// <param name="last">What the last sample came with.</param>
    /// <param name="time">The clock that fragments are stamped with.</param>
    public static PartMoments Of(Fragment last, TimeProvider time)
    {
        FragmentArrival arrival = last.Arrival;
        long now = time.GetTimestamp();
        long? produced = arrival.ProducedAt is { } shown ? now - (long)((time.GetUtcNow() - shown).TotalSeconds * time.TimestampFrequency) : null;
        return new PartMoments(produced, arrival.FirstByteAt, arrival.ReceivedAt, last.DecodedAt, last.PublishedAt, now);
    }
}
