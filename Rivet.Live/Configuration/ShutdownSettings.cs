namespace Rivet.Live.Configuration;

/// <summary>How the server ends.</summary>
internal sealed record ShutdownSettings
{
    /// <summary><c>DrainSeconds</c>: how long publishers, encoders and playlists get to finish.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(10);
}
