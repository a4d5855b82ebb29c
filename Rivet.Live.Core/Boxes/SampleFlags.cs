namespace Rivet.Live.Core.Boxes;

/// <summary>What trex, tfhd and trun say of a sample's dependencies. ISO/IEC 14496-12 §8.8.3.1.</summary>
internal static class SampleFlags
{
    /// <summary>sample_depends_on = 2: an intra picture that a decoder can start at.</summary>
    public const uint Sync = 0x02000000;

    /// <summary>sample_depends_on = 1 and sample_is_non_sync_sample.</summary>
    public const uint NonSync = 0x01010000;

    /// <summary>False where either of the two ways to say "needs other pictures" is used: publishers set one, the other, or both.</summary>
    public static bool IsSync(uint flags) => (flags & NonSync) == 0;
}
