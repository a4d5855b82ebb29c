namespace Rivet.Live.Core.Broadcast;

/// <summary>How long the parts of a broadcast are.</summary>
/// <param name="TargetSeconds">EXT-X-PART-INF PART-TARGET: none is longer.</param>
/// <param name="EverySeconds">They end with the frame that reaches a multiple of this behind the segment's start, the same in all tracks; infinite where each is filled as it can be.</param>
public readonly record struct PartLength(double TargetSeconds, double EverySeconds)
{
    /// <summary>Parts that are filled as they can be.</summary>
    public static PartLength Filled(double targetSeconds) => new(targetSeconds, double.PositiveInfinity);
}
