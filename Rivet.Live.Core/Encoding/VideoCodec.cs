namespace Rivet.Live.Core.Encoding;

/// <summary>What a rendition is encoded as.</summary>
internal enum VideoCodec
{
    /// <summary>ITU-T H.264.</summary>
    H264,

    /// <summary>ITU-T H.265.</summary>
    Hevc,

    /// <summary>AV1 Bitstream Specification.</summary>
    Av1,
}
