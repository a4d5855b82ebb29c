namespace Rivet.Live.Core.Native;

/// <summary>No usable set of FFmpeg libraries is installed. The message lists what was tried and what to install.</summary>
internal sealed class FFmpegMissingException : Exception
{
    public FFmpegMissingException(string message)
        : base(message)
    {
    }

    public FFmpegMissingException()
    {
    }

    public FFmpegMissingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
