namespace Rivet.Live.Core.Encoding;

/// <summary>No codec libraries that can be used are installed. The message lists what was tried and what to install.</summary>
internal sealed class CodecsMissingException : Exception
{
    public CodecsMissingException(string message)
        : base(message)
    {
    }

    public CodecsMissingException()
    {
    }

    public CodecsMissingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
