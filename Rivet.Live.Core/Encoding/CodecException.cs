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
    /// <param name="cause">FFmpeg's answer.</param>
    /// <param name="node">The GPU that it was to be opened on; null for the CPU.</param>
    internal static CodecException OfOpening(FFmpegException cause, HardwareNode? node) =>
        new(FaultOfOpening(cause.Error), node is null ? cause.Message : $"{node}: {cause.Message}{AdviceFor(cause.Error)}", cause);

    /// <summary>An open encoder that failed.</summary>
    internal static CodecException OfEncoding(FFmpegException cause) => new(FaultOfEncoding(cause.Error), cause.Message, cause);

    private static string AdviceFor(int error) => error switch
    {
        AvUtilFunctions.AVERROR_ENOMEM => ". Its driver opens no more encoders; Encoding:SlotsPerDevice keeps below that",
        AvUtilFunctions.AVERROR_ENOSYS or AvUtilFunctions.AVERROR_ENOENT => ". It has no such encoder, or its driver offers none: other devices have to do",
        AvUtilFunctions.AVERROR_ENCODER_NOT_FOUND => ". A newer FFmpeg may have it",
        _ => "",
    };

    // A driver that is gone answers EIO, be it NVIDIA's or one behind VA-API.
    private static EncoderFault FaultOfEncoding(int error) =>
        error is AvUtilFunctions.AVERROR_EIO or AvUtilFunctions.AVERROR_ENODEV ? EncoderFault.Lost : EncoderFault.Failed;

    // NVENC through a device context: ENOMEM is the driver's cap of sessions, ENOSYS and ENOENT a device without encoders.
    private static EncoderFault FaultOfOpening(int error) => error switch
    {
        AvUtilFunctions.AVERROR_ENOMEM => EncoderFault.Full,
        AvUtilFunctions.AVERROR_EAGAIN or AvUtilFunctions.AVERROR_EBUSY => EncoderFault.Busy,
        AvUtilFunctions.AVERROR_EINVAL or AvUtilFunctions.AVERROR_ERANGE or AvUtilFunctions.AVERROR_ENOSYS or AvUtilFunctions.AVERROR_ENOENT
            or AvUtilFunctions.AVERROR_ENCODER_NOT_FOUND => EncoderFault.Refused,
        _ => FaultOfEncoding(error),
    };
}
