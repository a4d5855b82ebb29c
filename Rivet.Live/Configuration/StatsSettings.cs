namespace Rivet.Live.Configuration;

/// <summary>How long figures are kept.</summary>
internal sealed record StatsSettings
{
    /// <summary><c>KeepEndedSeconds</c>: how long an ended broadcast's stats stay readable.</summary>
    public TimeSpan KeepEnded { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>Where metrics are sent to, by OTLP over HTTP; null sends none.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary><c>OtlpSeconds</c>: between two times that they are sent.</summary>
    public TimeSpan OtlpInterval { get; init; } = TimeSpan.FromSeconds(10);
}
