namespace Rivet.Live.Core.Encoding;

/// <summary>What of FFmpeg reaches a device's encoders.</summary>
internal enum EncoderApi
{
    /// <summary>Libraries that encode on the CPU.</summary>
    Software,

    /// <summary>NVIDIA's.</summary>
    Nvenc,

    /// <summary>Intel's Quick Sync.</summary>
    Qsv,

    /// <summary>VA-API: AMD's, and Intel's where Quick Sync is not installed.</summary>
    Vaapi,
}
