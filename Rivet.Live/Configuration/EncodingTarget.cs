namespace Rivet.Live.Configuration;

/// <summary><c>Encoding:Target</c>: the quality aimed at within the bit rate.</summary>
internal enum EncodingTarget
{
    /// <summary>No difference seen beside the source.</summary>
    VisuallyLossless,

    /// <summary>Differences only on a second look.</summary>
    High,

    /// <summary>What live services send.</summary>
    Standard,

    /// <summary>As few bits as stay watchable.</summary>
    Low,
}
