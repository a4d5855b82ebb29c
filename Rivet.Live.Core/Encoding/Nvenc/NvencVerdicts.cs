using Rivet.Live.Core.Native.Nvenc;

namespace Rivet.Live.Core.Encoding.Nvenc;

/// <summary>Errors of NVENC and CUDA, and what follows from them.</summary>
internal static class NvencVerdicts
{
    /// <param name="status">The answer, an error.</param>
    /// <param name="isOpening">True until a session is ready to encode: what is a full device then is a failure later.</param>
    public static NvencVerdict Of(NvencStatus status, bool isOpening) => status switch
    {
        NvencStatus.LockBusy or NvencStatus.EncoderBusy => NvencVerdict.Retry,

        // A driver's cap of sessions answers with either.
        NvencStatus.OutOfMemory or NvencStatus.IncompatibleClientKey when isOpening => NvencVerdict.DeviceFull,
        NvencStatus.NoEncodeDevice or NvencStatus.UnsupportedDevice => NvencVerdict.DeviceExcluded,
        NvencStatus.InvalidEncoderdevice or NvencStatus.InvalidDevice => isOpening ? NvencVerdict.DeviceExcluded : NvencVerdict.DeviceLost,
        NvencStatus.DeviceNotExist => NvencVerdict.DeviceLost,
        NvencStatus.InvalidParam or NvencStatus.UnsupportedParam or NvencStatus.Unimplemented => NvencVerdict.Deterministic,
        NvencStatus.InvalidVersion => NvencVerdict.DriverTooOld,
        _ => NvencVerdict.Requeue,
    };

    public static EncoderFault FaultOf(NvencVerdict verdict) => verdict switch
    {
        NvencVerdict.Retry => EncoderFault.Busy,
        NvencVerdict.DeviceFull => EncoderFault.Full,
        NvencVerdict.DeviceLost => EncoderFault.Lost,
        NvencVerdict.DeviceExcluded or NvencVerdict.Deterministic or NvencVerdict.DriverTooOld => EncoderFault.Refused,
        _ => EncoderFault.Failed,
    };

    /// <summary>The error as whoever opened or used an encoder gets it: the call, the status and what to do.</summary>
    /// <param name="label">Names the encoder or the device.</param>
    /// <param name="failed">What the driver said.</param>
    /// <param name="isOpening">As for <see cref="Of(NvencStatus, bool)"/>.</param>
    public static CodecException Explain(string label, NvencException failed, bool isOpening)
    {
        NvencVerdict verdict = Of(failed.Status, isOpening);
        return new CodecException(FaultOf(verdict), $"{label}: {failed.Message}. {CureOf(verdict)}", failed);
    }

    /// <summary>A CUDA context that cannot be had: for want of memory, or because the device is gone.</summary>
    public static CodecException Explain(string label, CudaException failed)
    {
        NvencVerdict verdict = failed.Error == CudaException.OutOfMemory ? NvencVerdict.DeviceFull : NvencVerdict.DeviceLost;
        return new CodecException(FaultOf(verdict), $"{label}: {failed.Message}. {CureOf(verdict)}", failed);
    }

    private static string CureOf(NvencVerdict verdict) => verdict switch
    {
        NvencVerdict.Retry => "It stayed busy: others take over.",
        NvencVerdict.DeviceFull => "Its driver opens no more encoders; Encoding:SlotsPerDevice keeps below that.",
        NvencVerdict.DeviceExcluded =>
            "It has no NVENC, or this process is not given it (in a container, NVIDIA_DRIVER_CAPABILITIES needs video): other devices have to do.",
        NvencVerdict.DeviceLost => "The device is gone; if it stays away, look at nvidia-smi and the kernel's log.",
        NvencVerdict.Deterministic => "It does not encode with these settings; `doctor` says what it encodes.",
        NvencVerdict.DriverTooOld => "Install a newer driver: 470.57 or later, and 520.56 or later for AV1.",
        _ => "Another encoder takes over.",
    };
}
