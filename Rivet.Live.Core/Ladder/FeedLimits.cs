namespace Rivet.Live.Core.Ladder;

/// <summary>How much a feed may hold, and how patient it is.</summary>
/// <param name="WindowPictures">Pictures between the fastest and the slowest reader. Twelve 720p and 480p copies are 24 MB.</param>
/// <param name="LateAfter">A broadcast this far behind its publisher stops waiting for its slowest rendition.</param>
/// <param name="StuckAfter">A reader that takes no picture for so long is stuck; the others go on without it.</param>
internal sealed record FeedLimits(int WindowPictures, TimeSpan LateAfter, TimeSpan StuckAfter)
{
    /// <summary>For live broadcasts: three seconds behind is when players begin to notice.</summary>
    public static FeedLimits Live { get; } = new(12, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(2));

    /// <summary>For work that must not lose a picture and has no clock to keep up with: benchmarks, files.</summary>
    public static FeedLimits Lossless { get; } = new(12, TimeSpan.MaxValue, TimeSpan.FromHours(1));
}
