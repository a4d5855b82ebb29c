namespace Rivet.Live.Configuration;

/// <summary>How playlists are cut and kept.</summary>
internal sealed record HlsSettings
{
    /// <summary><c>PartSeconds</c>: the part target.</summary>
    public TimeSpan Part { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary><c>SegmentSeconds</c>: the segment length aimed at; the source's keyframes decide.</summary>
    public TimeSpan Segment { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary><c>WindowSeconds</c>: how much a live playlist lists.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>KeepEndedSeconds</c>: how long a finished broadcast stays playable.</summary>
    public TimeSpan KeepEnded { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Where segments go that do not fit in memory; null keeps everything in memory.</summary>
    public string? SpillDirectory { get; init; }
}
