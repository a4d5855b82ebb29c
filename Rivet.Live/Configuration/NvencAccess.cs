namespace Rivet.Live.Configuration;

/// <summary><c>Encoding:Nvenc</c>: how NVIDIA encoders are reached.</summary>
internal enum NvencAccess
{
    /// <summary>Through FFmpeg.</summary>
    Libavcodec,

    /// <summary>Through the driver.</summary>
    Direct,
}
