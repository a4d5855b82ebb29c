namespace Rivet.Live.Core.Encoding;

/// <summary>The quality aimed at, as long as a rendition's cap allows it.</summary>
internal enum QualityTarget
{
    /// <summary>No difference seen beside the source: VMAF 98.</summary>
    VisuallyLossless,

    /// <summary>Differences only on a second look: VMAF 95.</summary>
    High,

    /// <summary>What live services send: VMAF 90.</summary>
    Standard,

    /// <summary>As few bits as stay watchable: VMAF 85.</summary>
    Low,
}
