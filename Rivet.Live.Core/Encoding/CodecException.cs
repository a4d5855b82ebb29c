using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>A codec or a scaler refused what it was given, or failed at it. The message has the library's own words.</summary>
internal sealed class CodecException : Exception
{
    public CodecException(EncoderFault fault, string message, Exception? innerException = null)
        : base(message, innerException) => Fault = fault;

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

    /// <summary>What follows from it, where an encoder said so.</summary>
    public EncoderFault Fault { get; }

    internal static CodecException Of(FFmpegException cause) => new(cause.Message, cause);

    /// <summary>An encoder that could not be opened: some of its answers say nothing against the device.</summary>
    internal static CodecException OfOpening(FFmpegException cause) => new(FaultOf(cause.Error), cause.Message, cause);

    private static EncoderFault FaultOf(int error) => error switch
    {
        AvUtilFunctions.AVERROR_ENOMEM => EncoderFault.Full,
        AvUtilFunctions.AVERROR_EAGAIN or AvUtilFunctions.AVERROR_EBUSY => EncoderFault.Busy,
        AvUtilFunctions.AVERROR_EINVAL or AvUtilFunctions.AVERROR_ERANGE or AvUtilFunctions.AVERROR_ENOSYS or AvUtilFunctions.AVERROR_ENCODER_NOT_FOUND
            => EncoderFault.Refused,
        _ => EncoderFault.Failed,
    };
}
