namespace Rivet.Live.Configuration;

/// <summary>What publishers may do.</summary>
internal sealed record IngestSettings
{
    /// <summary>Keys that let a publisher in, each behind a pattern of broadcasts' names where it is for those only. Empty: only publishers on this machine are accepted.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary><c>IdleSeconds</c>: how long a publisher may be silent.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary><c>StallSeconds</c>: how much later than it lately was media may be before its time is told as a gap.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(0.8);

    /// <summary><c>ReconnectSeconds</c>: how long a broadcast whose connection broke stays open.</summary>
    public TimeSpan Reconnect { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Broadcasts at once.</summary>
    public int MaxBroadcasts { get; init; } = 64;

    /// <summary>Largest moof+mdat: 32 MiB is four seconds of 60 Mb/s video.</summary>
    public int MaxFragmentBytes { get; init; } = 32 * 1024 * 1024;
}
