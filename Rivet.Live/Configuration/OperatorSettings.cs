namespace Rivet.Live.Configuration;

/// <summary>Who may run the server's own routes.</summary>
internal sealed record OperatorSettings
{
    /// <summary>Keys that let an operator in. Empty: only requests from this machine are an operator's.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];
}
