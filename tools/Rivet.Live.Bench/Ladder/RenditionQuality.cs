namespace Rivet.Live.Bench.Ladder;

/// <summary>One rendition as each side made it, against the same ideal.</summary>
internal sealed record RenditionQuality(string Rendition, Similarity Ours, Similarity Split, Similarity Cascade)
{
    /// <summary>How far we lie below the better of the two CLI arrangements, in the worse of luma and all; negative where we are better.</summary>
    public double Shortfall => Math.Max(
        Math.Max(Split.Luma, Cascade.Luma) - Ours.Luma,
        Math.Max(Split.All, Cascade.All) - Ours.All);
}
