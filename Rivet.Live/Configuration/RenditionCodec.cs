namespace Rivet.Live.Configuration;

/// <summary>What a rendition is encoded as.</summary>
internal enum RenditionCodec
{
    /// <summary>AVC, ISO/IEC 14496-10.</summary>
    H264,

    /// <summary>HEVC, ISO/IEC 23008-2.</summary>
    Hevc,

    /// <summary>AV1.</summary>
    Av1,
}
