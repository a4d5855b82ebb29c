namespace Rivet.Live.Core.Encoding.Nvenc;

/// <summary>What to do when NVENC or CUDA answers with an error.</summary>
internal enum NvencVerdict
{
    /// <summary>The same call again in a moment; where that lasts too long, the chunk goes to somebody else.</summary>
    Retry,

    /// <summary>The chunk goes to somebody else; a strike against the device.</summary>
    Requeue,

    /// <summary>The device opens no more sessions: somebody else; nothing is wrong with it.</summary>
    DeviceFull,

    /// <summary>The device cannot encode, or not for this process.</summary>
    DeviceExcluded,

    /// <summary>The device is gone, perhaps to come back.</summary>
    DeviceLost,

    /// <summary>The same settings will fail in the same way: not here again.</summary>
    Deterministic,

    /// <summary>The driver knows none of the API versions that are known here.</summary>
    DriverTooOld,
}
