namespace Rivet.Live.Configuration;

/// <summary>Where broadcasts are written to disk whose publishers ask for it.</summary>
internal sealed record RecordingSettings
{
    /// <summary>The folder that recordings go to; null records nothing.</summary>
    public string? Directory { get; init; }
}
