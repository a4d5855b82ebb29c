namespace Rivet.Live.Core.Encoding;

/// <summary>How much work an encoder spends on the quality aimed at.</summary>
internal enum SpeedTier
{
    /// <summary>The least.</summary>
    Draft,

    /// <summary>What one processor does in real time.</summary>
    Standard,

    /// <summary>The most that is worth it live.</summary>
    Archive,
}
