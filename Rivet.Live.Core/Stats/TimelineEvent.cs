namespace Rivet.Live.Core.Stats;

/// <summary>One thing that happened.</summary>
/// <param name="At">When it was noticed; for what was repeated, the last time.</param>
/// <param name="Kind">A stable kebab-case word.</param>
/// <param name="Severity"><c>info</c>, <c>warning</c> or <c>error</c>.</param>
/// <param name="Text">For people.</param>
internal sealed record TimelineEvent(DateTimeOffset At, string Kind, string Severity, string Text)
{
    /// <summary>How often, where it was repeated within seconds.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Among the server's events: the broadcast that it is about.</summary>
    public string? Broadcast { get; init; }

    public string? Rendition { get; init; }

    public string? Device { get; init; }
}
