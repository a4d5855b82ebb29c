namespace Rivet.Live.Core.Isolation;

/// <summary>A transcoder threw in a child, whose log line tells why: counted by the server's drain like one of its own.</summary>
internal sealed class ChildPanicException(string message) : Exception(message);
