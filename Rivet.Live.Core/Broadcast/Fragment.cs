using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Broadcast;

/// <summary>Some consecutive samples of one track with the bytes they lie in, or the news that there are none: what travels between rooms.</summary>
/// <remarks>Immutable but for its hold on the bytes: whoever received it disposes it; whoever passes it on shares it first.</remarks>
public sealed class Fragment : IDisposable
{
    private readonly PayloadHold? _payload;
    private readonly (MediaTime Start, MediaTime End) _absent;

    /// <param name="track">The init that these samples need.</param>
    /// <param name="samples">In decode order, at least one.</param>
    /// <param name="payload">The bytes; the fragment takes this hold over.</param>
    /// <param name="receivedAt">When the last byte was in hand, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    public Fragment(TrackDescription track, Sample[] samples, PayloadHold payload, long receivedAt)
        : this(track, samples, payload, FragmentArrival.At(receivedAt))
    {
    }

    /// <param name="track">The init that these samples need.</param>
    /// <param name="samples">In decode order, at least one.</param>
    /// <param name="payload">The bytes; the fragment takes this hold over.</param>
    /// <param name="arrival">When it came in; for a rendition, when what it was made from did.</param>
    public Fragment(TrackDescription track, Sample[] samples, PayloadHold payload, in FragmentArrival arrival)
    {
        ArgumentOutOfRangeException.ThrowIfZero(samples.Length);
        Track = track;
        Samples = samples;
        Arrival = arrival;
        _payload = payload;
    }

    private Fragment(Fragment origin, Sample[] samples, PayloadHold? payload)
    {
        Track = origin.Track;
        Samples = samples;
        Arrival = origin.Arrival;
        DecodedAt = origin.DecodedAt;
        Sequence = origin.Sequence;
        PublishedAt = origin.PublishedAt;
        IsDiscontinuity = origin.IsDiscontinuity;
        _absent = origin._absent;
        _payload = payload;
    }

    private Fragment(TrackDescription track, MediaTime start, MediaTime end, long receivedAt)
    {
        Track = track;
        Samples = [];
        Arrival = FragmentArrival.At(receivedAt);
        _absent = (start, end);
    }

    /// <summary>Absent media: from <paramref name="start"/> to <paramref name="end"/> nothing came, and what comes later is late.</summary>
    public static Fragment Absence(TrackDescription track, MediaTime start, MediaTime end, long noticedAt) => new(track, start, end, noticedAt);

    /// <summary>True for media that is absent: there are no samples.</summary>
    public bool IsAbsence => Samples.Length == 0;

    public TrackDescription Track { get; }

    /// <summary>Empty only in an <see cref="Absence"/>. Shared between holders: read only.</summary>
    public Sample[] Samples { get; }

    /// <summary>
    /// When the last byte of the fragment was in hand, as <see cref="TimeProvider.GetTimestamp"/>; for a piece of a burst that was let out
    /// later, when that was: the wait is the publisher's.
    /// </summary>
    public long ReceivedAt => Arrival.ReceivedAt;

    /// <summary>When it came in; for a rendition, when what it was made from did.</summary>
    public FragmentArrival Arrival { get; private init; }

    /// <summary>When the picture that it was made from was decoded, as <see cref="TimeProvider.GetTimestamp"/>; null for what the publisher sent.</summary>
    public long? DecodedAt { get; init; }

    /// <summary>Position in its track, counted from 0 by the broadcaster; -1 until published.</summary>
    public long Sequence { get; internal set; } = -1;

    /// <summary>When the broadcaster took it, as <see cref="TimeProvider.GetTimestamp"/>; 0 until published.</summary>
    public long PublishedAt { get; internal set; }

    /// <summary>True where the samples do not continue those of the fragment before: the publisher came back, or the init changed.</summary>
    public bool IsDiscontinuity { get; init; }

    /// <summary>True where a decoder can start here.</summary>
    public bool StartsWithSync => Samples is [{ IsSync: true }, ..];

    /// <summary>Decode time of the first sample.</summary>
    public MediaTime Start => IsAbsence ? _absent.Start : new(Samples[0].DecodeTime, Track.Timescale);

    /// <summary>Decode time just after the last sample.</summary>
    public MediaTime End => IsAbsence ? _absent.End : new(Samples[^1].DecodeEnd, Track.Timescale);

    /// <summary>Bytes of all samples together.</summary>
    public int PayloadBytes => Samples.Sum(static sample => sample.Bytes);

    /// <summary>The bytes of one of <see cref="Samples"/>. Valid until the fragment is disposed.</summary>
    public ReadOnlySpan<byte> BytesOf(in Sample sample) => _payload!.Memory.Span.Slice(sample.Offset, sample.Bytes);

    /// <summary>The same fragment for another holder.</summary>
    public Fragment Share() => new(this, Samples, _payload?.Share());

    /// <summary>The same bytes at other times; takes this fragment's hold over.</summary>
    /// <param name="ticks">Added to every decode time.</param>
    /// <param name="isDiscontinuity">See <see cref="IsDiscontinuity"/>.</param>
    public Fragment Shifted(long ticks, bool isDiscontinuity)
    {
        if (ticks == 0 && isDiscontinuity == IsDiscontinuity)
        {
            return this;
        }

        Sample[] moved = Array.ConvertAll(Samples, sample => sample with { DecodeTime = sample.DecodeTime + ticks });
        return new Fragment(this, moved, _payload) { IsDiscontinuity = isDiscontinuity };
    }

    /// <summary>The same bytes at other times, each sample's its own; takes this fragment's hold over.</summary>
    /// <param name="samples">As many as there are, in the same order.</param>
    public Fragment Retimed(Sample[] samples) => samples == Samples ? this : new Fragment(this, samples, _payload);

    /// <summary>Some of its samples as a fragment of its own, with a hold of its own.</summary>
    /// <param name="samples">At least one.</param>
    /// <param name="receivedAt">See <see cref="ReceivedAt"/>.</param>
    public Fragment Slice(Range samples, long receivedAt) => new(this, Samples[samples], _payload!.Share())
    {
        Arrival = Arrival with { ReceivedAt = receivedAt },
        IsDiscontinuity = IsDiscontinuity && samples.Start.Value == 0,
    };

    public void Dispose() => _payload?.Dispose();
}
