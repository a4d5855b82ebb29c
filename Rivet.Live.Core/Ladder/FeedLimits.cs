namespace Rivet.Live.Core.Ladder;

/// <summary>How much a feed may hold, and how patient it is.</summary>
/// <param name="WindowPictures">Pictures between the fastest and the slowest reader. Twelve 720p and 480p copies are 24 MB.</param>
/// <param name="LateAfter">A broadcast this far behind its publisher stops waiting for its slowest rendition.</param>
/// <param name="StuckAfter">A reader that takes no picture for so long is stuck; the others go on without it.</param>
/// <param name="BehindMax">A rendition this far behind its publisher leaves out whole chunks.</param>
/// <param name="KeptMax">Compressed media that is kept at most for renditions that have to go back.</param>
internal sealed record FeedLimits(int WindowPictures, TimeSpan LateAfter, TimeSpan StuckAfter, TimeSpan BehindMax, TimeSpan KeptMax)
{
    /// <summary>
    /// For live broadcasts: three seconds behind is when players begin to notice, and eight are more than a rendition falls behind while it
    /// waits for its turn. A third of a second without a picture, with a full window before it, is not the processor's doing.
    /// </summary>
    public static FeedLimits Live { get; } =
        new(12, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(0.35), TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(30));

    /// <summary>For work that must not lose a picture and has no clock to keep up with: benchmarks, files.</summary>
    public static FeedLimits Lossless { get; } = new(12, TimeSpan.MaxValue, TimeSpan.FromHours(1), TimeSpan.MaxValue, TimeSpan.MaxValue);
}
