namespace Rivet.Live.Hosting;

/// <summary>The server cannot start, and the operator can do something about it: one clear line and an exit code.</summary>
/// <remarks>Thrown while the server is built or started, by whoever knows what is missing; Program prints the message without a stack.</remarks>
internal sealed class StartRefusedException(ExitCode exitCode, string message, Exception? cause = null) : Exception(message, cause)
{
    public ExitCode ExitCode { get; } = exitCode;
}
