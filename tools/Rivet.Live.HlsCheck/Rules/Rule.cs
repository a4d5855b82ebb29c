namespace Rivet.Live.HlsCheck.Rules;

/// <summary>One rule of the table.</summary>
/// <param name="Number">In the table of docs/hls-check.md.</param>
/// <param name="Clause">Of RFC 8216bis, or Apple's authoring specification ("Apple 14.2").</param>
/// <param name="Text">What must hold.</param>
/// <param name="Check">Looks at what was seen and says what it found.</param>
internal sealed record Rule(int Number, string Clause, string Text, Action<Evidence, Findings> Check);
