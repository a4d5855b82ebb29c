namespace Rivet.Live.HlsCheck.Watching;

/// <summary>There is nothing to check at the URL given.</summary>
internal sealed class UnreachableException(string message) : Exception(message);
