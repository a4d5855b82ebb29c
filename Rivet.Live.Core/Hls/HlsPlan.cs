using Rivet.Live.Core.Broadcast;

namespace Rivet.Live.Core.Hls;

/// <summary>What is the same in every playlist of a broadcast, for as long as it lives.</summary>
/// <param name="Parts">Decides the part target before there is a first part.</param>
/// <param name="TargetDurationSeconds">EXT-X-TARGETDURATION.</param>
/// <param name="WindowSeconds">Media that stays listed.</param>
internal sealed record HlsPlan(PartTarget Parts, int TargetDurationSeconds, double WindowSeconds)
{
    /// <summary>A plan whose part target is known beforehand.</summary>
    public HlsPlan(double partSeconds, int targetDurationSeconds, double windowSeconds)
        : this(PartTarget.Fixed(partSeconds), targetDurationSeconds, windowSeconds)
    {
    }

    /// <summary>EXT-X-PART-INF PART-TARGET.</summary>
    public double PartSeconds => Parts.Seconds;

    /// <summary>
    /// Gaps of one target duration in front of a broadcast's first keyframe: a live playlist is never shorter than three target durations
    /// (6.2.2), and its first part can be played all the same as soon as it exists.
    /// </summary>
    public const int PaddingSegments = 3;

    /// <summary>
    /// Three part targets, as 4.4.3.8 wants it, and a little more than a whole number of parts, so that a player does not begin on the very
    /// edge between two: video.js then loads the one before it again and again, and gives up.
    /// </summary>
    public decimal PartHoldBackSeconds => Math.Ceiling((decimal)(3 * PartSeconds) * 100) / 100 + 0.05m;

    /// <summary>Three target durations, for players that do not load parts.</summary>
    public int HoldBackSeconds => 3 * TargetDurationSeconds;

    /// <summary>Seconds of complete segments that stay listed: never less than three target durations (6.2.2).</summary>
    public double ListedSeconds => Math.Max(WindowSeconds, 3 * TargetDurationSeconds);

    /// <summary>CAN-SKIP-UNTIL: a delta update leaves out segments that lie further from the end, at least six target durations (4.4.3.8).</summary>
    public int SkipBoundarySeconds => 6 * TargetDurationSeconds;

    /// <summary>Parts are listed in segments that lie this close to the end.</summary>
    public int PartsListedSeconds => 3 * TargetDurationSeconds;

    /// <summary>
    /// Parts can be fetched for this much media after their tags left the list: three target durations (6.2.2), and two more, since the
    /// three are of the wall clock, which media outruns when a publisher that was silent comes back: by as long as a silence lasts before it is told.
    /// </summary>
    public int PartsKeptSeconds => 5 * TargetDurationSeconds;

    /// <summary>The longest that a reload is held before it is answered with 503.</summary>
    public TimeSpan HoldLimit => TimeSpan.FromSeconds(3 * TargetDurationSeconds);

    /// <summary>How many parts past the newest one a reload may wait for: the Advance Part Limit of 6.2.5.2.</summary>
    public int AdvancePartLimit => PartSeconds < 1 ? (int)Math.Ceiling(3 / PartSeconds) : 3;
}
