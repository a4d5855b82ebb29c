namespace Rivet.Live.Configuration;

/// <summary>How long figures are kept.</summary>
internal sealed record StatsSettings
{
    /// <summary><c>KeepEndedSeconds</c>: how long an ended broadcast's stats stay readable.</summary>
    public TimeSpan KeepEnded { get; init; } = TimeSpan.FromSeconds(600);
}
