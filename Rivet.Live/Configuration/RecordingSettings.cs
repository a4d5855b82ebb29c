namespace Rivet.Live.Configuration;

/// <summary>Whether broadcasts are written to disk.</summary>
internal sealed record RecordingSettings
{
    /// <summary>The folder that recordings go to; null records nothing.</summary>
    public string? Directory { get; init; }
}
