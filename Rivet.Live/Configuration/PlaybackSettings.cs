namespace Rivet.Live.Configuration;

/// <summary>Who may watch.</summary>
internal sealed record PlaybackSettings
{
    /// <summary>Keys that let a player in. Empty: everybody may watch.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>The secret that signed playback URLs are checked with; null turns signing off.</summary>
    public string? SigningSecret { get; init; }

    /// <summary>Says whether a secret is there, never which: settings end up in logs.</summary>
    public override string ToString() => $"PlaybackSettings {{ Keys = {Keys.Count}, SigningSecret = {(SigningSecret is null ? "none" : "set")} }}";
}
