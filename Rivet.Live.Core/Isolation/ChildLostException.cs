namespace Rivet.Live.Core.Isolation;

/// <summary>There is no child: it ended, or did not start.</summary>
internal sealed class ChildLostException(string message, Exception? cause = null) : Exception(message, cause);
