namespace Rivet.Live.Configuration;

/// <summary>The makers an encoding policy can name.</summary>
internal enum EncoderFamily
{
    /// <summary>NVENC.</summary>
    Nvidia,

    /// <summary>Quick Sync.</summary>
    Intel,

    /// <summary>AMF and VAAPI.</summary>
    Amd,

    /// <summary>The CPU.</summary>
    Software,
}
