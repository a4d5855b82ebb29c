namespace Rivet.Live.Configuration;

/// <summary>The makers an encoding policy can name.</summary>
internal enum EncoderFamily
{
    /// <summary>NVENC.</summary>
    Nvidia,

    /// <summary>Quick Sync, or VA-API where it is not installed.</summary>
    Intel,

    /// <summary>VA-API.</summary>
    Amd,

    /// <summary>The CPU.</summary>
    Software,
}
