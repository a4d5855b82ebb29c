namespace Rivet.Live.Core.Broadcast;

/// <summary>When a fragment of the publisher's came in. Moments are those of <see cref="TimeProvider.GetTimestamp"/>.</summary>
/// <param name="FirstByteAt">When its first byte was in hand.</param>
/// <param name="ReceivedAt">When its last byte was, see <see cref="Fragment.ReceivedAt"/>.</param>
/// <param name="ProducedAt">What the encoder's own clock showed for it (prft, ISO/IEC 14496-12 §8.16.5); null where the encoder did not say.</param>
public readonly record struct FragmentArrival(long FirstByteAt, long ReceivedAt, DateTimeOffset? ProducedAt = null)
{
    /// <summary>Where no more is known than when it was in hand.</summary>
    /// <param name="receivedAt">See <see cref="ReceivedAt"/>.</param>
    public static FragmentArrival At(long receivedAt) => new(receivedAt, receivedAt);
}
