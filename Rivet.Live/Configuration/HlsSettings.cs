namespace Rivet.Live.Configuration;

/// <summary>How playlists are cut and kept.</summary>
internal sealed record HlsSettings
{
    /// <summary>A longer window must go to disk: at 9 Mb/s of source and renditions, this one takes 1.4 GB of memory for each broadcast.</summary>
    public static readonly TimeSpan WindowInMemoryMax = TimeSpan.FromMinutes(10);

    /// <summary><c>PartSeconds</c>: the part target.</summary>
    public TimeSpan Part { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary><c>SegmentSeconds</c>: the segment length aimed at; the source's keyframes decide.</summary>
    public TimeSpan Segment { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary><c>WindowSeconds</c>: how much a live playlist lists.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>KeepEndedSeconds</c>: how long a finished broadcast stays playable.</summary>
    public TimeSpan KeepEnded { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Where segments go when their parts are no longer asked for; null keeps the window in memory.</summary>
    public string? SpillDirectory { get; init; }
}
