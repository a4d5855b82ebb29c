namespace Rivet.Live.Core.Ingest;

/// <summary>Something that a publisher does which costs its operator quality or latency, with what to do about it.</summary>
/// <param name="Severity">How much it costs.</param>
/// <param name="Code">Stable kebab-case word.</param>
/// <param name="Text">What is seen, what it costs, and the fix for that client.</param>
internal sealed record Finding(FindingSeverity Severity, string Code, string Text);
