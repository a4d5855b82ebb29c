namespace Rivet.Live.Tests.Publishers;

/// <summary>One line of a capture: a request's head, a piece of its body, or its end.</summary>
/// <param name="Request">Counted from 0 in the order in which they began.</param>
/// <param name="Connection">Counted from 0; in a head only.</param>
/// <param name="Method">In a head only.</param>
/// <param name="Path">From the broadcast's URL on; in a head only.</param>
/// <param name="Headers">Those that matter; in a head only.</param>
/// <param name="Data">In a piece only.</param>
internal sealed record CaptureLine(int Request, int? Connection, string? Method, string? Path, Dictionary<string, string>? Headers, byte[]? Data);
