using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>Which renditions a source gets, and how large. Pure: same source and same ladder, same plan.</summary>
internal static class LadderPlanner
{
    /// <summary>The rungs from the largest to the smallest. Renditions above the source's height are left out.</summary>
    public static IReadOnlyList<Rung> Plan(TrackDescription source, IReadOnlyList<Rendition> ladder)
    {
        List<Rung> rungs = [];
        foreach (Rendition rendition in ladder
            .Where(rendition => rendition.Height <= source.Height)
            .OrderByDescending(static rendition => rendition.Height)
            .ThenByDescending(static rendition => rendition.VideoBitrateBps))
        {
            // From the rung above, but never through 8 bits where 10 are kept.
            int above = rungs.FindLastIndex(rung => rung.Rendition.KeepsDepth || !rendition.KeepsDepth);
            rungs.Add(new Rung(rendition, EvenWidth(source, rendition.Height), rendition.Height, above));
        }

        return rungs;
    }

    /// <summary>How long the pictures of those renditions last that do not keep all of the source's.</summary>
    public static IEnumerable<FrameCadence> CadencesOf(TrackDescription source, FrameCadence frames, IReadOnlyList<Rendition> ladder) =>
        from rung in Plan(source, ladder)
        where rung.Rendition.MaxFrameRate is not null
        select FrameRateCap.CadenceOf(rung.Rendition.MaxFrameRate, frames);

    /// <summary>The width that keeps the source's shape, rounded to the nearest even number: 4:2:0 chroma has half the columns.</summary>
    private static int EvenWidth(TrackDescription source, int height) =>
        Math.Max(2, 2 * (int)Math.Round((double)source.Width * height / source.Height / 2, MidpointRounding.AwayFromZero));
}
