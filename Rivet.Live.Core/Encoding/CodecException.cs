using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>A codec or a scaler refused what it was given, or failed at it. The message has the library's own words.</summary>
internal sealed class CodecException : Exception
{
    public CodecException(string message)
        : base(message)
    {
    }

    public CodecException()
    {
    }

    public CodecException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal static CodecException Of(FFmpegException cause) => new(cause.Message, cause);
}
