using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;

namespace Rivet.Live.Core.Hls;

/// <summary>Where the time of a track's parts goes, in milliseconds, over the minute up to the newest. Measured at each part's last sample; the stages of one part add up to its total.</summary>
internal sealed class StageLatency(TimeProvider time)
{
    private readonly Lock _unfetchedLock = new();
    private (long Number, PartMoments Moments, long ListedAt)? _unfetched;
    private bool _hasParts;

    /// <summary>A part with media was listed.</summary>
    public bool HasParts => Volatile.Read(ref _hasParts);

    /// <summary>From the encoder's own clock to the first byte here; what the two clocks differ is in it.</summary>
    public SlidingPercentiles Contribution { get; } = SlidingPercentiles.OverAMinute(time);

    /// <summary>From a fragment's first byte to its last, and its turn where it came in a burst.</summary>
    public SlidingPercentiles Receive { get; } = SlidingPercentiles.OverAMinute(time);

    /// <summary>From there to the picture; of renditions only.</summary>
    public SlidingPercentiles Decode { get; } = SlidingPercentiles.OverAMinute(time);

    /// <summary>From the picture to the encoded sample in the track; of renditions only.</summary>
    public SlidingPercentiles Encode { get; } = SlidingPercentiles.OverAMinute(time);

    /// <summary>From the fragment's last byte to the sample in the track: the two before together, where there are such.</summary>
    public SlidingPercentiles IngestToPublish { get; } = SlidingPercentiles.OverAMinute(time);

    /// <summary>From there to the part as it is sent.</summary>
    public SlidingPercentiles Package { get; } = SlidingPercentiles.OverAMinute(time);

    /// <summary>From there to the part in the playlist.</summary>
    public SlidingPercentiles List { get; } = SlidingPercentiles.OverAMinute(time);

    /// <summary>From the part in the playlist to the first request for it that could be answered.</summary>
    public SlidingPercentiles FirstFetch { get; } = SlidingPercentiles.OverAMinute(time);

    /// <summary>From the fragment's first byte to the part in the playlist.</summary>
    public SlidingPercentiles FirstByteToPlaylist { get; } = SlidingPercentiles.OverAMinute(time);

    /// <summary>From the encoder's own clock, or else the fragment's first byte, to the first request: the whole way.</summary>
    public SlidingPercentiles Total { get; } = SlidingPercentiles.OverAMinute(time);

    /// <summary>A part is in the playlist.</summary>
    /// <param name="number">The part's.</param>
    /// <param name="moments">How it came there.</param>
    public void Listed(long number, in PartMoments moments)
    {
        long now = time.GetTimestamp();
        if (moments.ProducedAt is { } produced)
        {
            Contribution.Add(Milliseconds(produced, moments.FirstByteAt));
        }

        Receive.Add(Milliseconds(moments.FirstByteAt, moments.ReceivedAt));
        if (moments.DecodedAt is { } decoded)
        {
            Decode.Add(Milliseconds(moments.ReceivedAt, decoded));
            Encode.Add(Milliseconds(decoded, moments.PublishedAt));
        }

        IngestToPublish.Add(Milliseconds(moments.ReceivedAt, moments.PublishedAt));
        Package.Add(Milliseconds(moments.PublishedAt, moments.PackagedAt));
        List.Add(Milliseconds(moments.PackagedAt, now));
        FirstByteToPlaylist.Add(Milliseconds(moments.FirstByteAt, now));
        Volatile.Write(ref _hasParts, true);
        lock (_unfetchedLock)
        {
            _unfetched = (number, moments, now);
        }
    }

    /// <summary>Somebody fetches a part; who comes first to the newest one counts.</summary>
    public void Fetched(long number)
    {
        lock (_unfetchedLock)
        {
            if (_unfetched is not { } newest || newest.Number != number)
            {
                return;
            }

            long now = time.GetTimestamp();
            FirstFetch.Add(Milliseconds(newest.ListedAt, now));
            Total.Add(Milliseconds(newest.Moments.ProducedAt ?? newest.Moments.FirstByteAt, now));
            _unfetched = null;
        }
    }

    private double Milliseconds(long from, long to) => time.GetElapsedTime(from, to).TotalMilliseconds;
}
