namespace Rivet.Live.Configuration;

/// <summary><c>Encoding:Tier</c>: how much work an encoder spends on that quality.</summary>
internal enum EncodingTier
{
    /// <summary>Fastest, for live.</summary>
    Draft,

    /// <summary>Slower, better per bit.</summary>
    Standard,

    /// <summary>Slowest, best per bit.</summary>
    Archive,
}
