namespace Rivet.Live.Core.Stats;

/// <summary>Where the time of a track's parts goes, each stage from where the one before ends, over the minute up to the newest part. Measured at each part's last sample.</summary>
internal sealed record StageStats
{
    /// <summary>From the encoder's own clock (prft) to the first byte here, and what the two clocks differ; absent where the encoder does not say.</summary>
    public PercentileStats? ContributionMilliseconds { get; init; }

    /// <summary>From the first byte of a fragment to its last; and to its turn, where media that came in a burst is let out piece by piece.</summary>
    public PercentileStats? ReceiveMilliseconds { get; init; }

    /// <summary>From there to a picture of it, waiting for its turn included; of renditions.</summary>
    public PercentileStats? DecodeMilliseconds { get; init; }

    /// <summary>From the picture to the encoded sample, waiting for the encoder included; of renditions.</summary>
    public PercentileStats? EncodeMilliseconds { get; init; }

    /// <summary>From the sample to the part as it is sent.</summary>
    public PercentileStats? PackageMilliseconds { get; init; }

    /// <summary>From there to the part in the playlist.</summary>
    public PercentileStats? ListMilliseconds { get; init; }

    /// <summary>From the part in the playlist to the first player that fetches it.</summary>
    public PercentileStats? FirstFetchMilliseconds { get; init; }

    /// <summary>From the first byte to the part in the playlist.</summary>
    public PercentileStats? FirstByteToPlaylistMilliseconds { get; init; }

    /// <summary>All of it: from the encoder's own clock, or else the first byte, to the first player.</summary>
    public PercentileStats? TotalMilliseconds { get; init; }
}
