using Rivet.Live.Bench.Measuring;

namespace Rivet.Live.Bench.Ladder;

/// <summary>What the ladder benchmark found.</summary>
internal sealed record LadderReport(LadderSide Ours, LadderSide Cold, IReadOnlyList<LadderSide> Theirs, IReadOnlyList<RenditionQuality> Quality)
{
    private const double SplitTarget = 1.4;
    private const double BestTarget = 1.25;
    private const double SimilarityTarget = 0.002;
    private const double MemoryTarget = 1.3;

    public IReadOnlyList<Verdict> Verdicts
    {
        get
        {
            LadderSide split = Hardest(Theirs.Where(static side => !side.IsCascade));
            LadderSide best = Hardest(Theirs);
            LadderSide leanest = Theirs.MinBy(static side => side.PeakMegabytes.Median)!;
            Spread overSplit = SpeedOver(split);
            Spread overBest = SpeedOver(best);
            Spread memory = Spread.OfRatios(Ours.Peaks, leanest.Peaks);
            RenditionQuality worst = Quality.MaxBy(static rendition => rendition.Shortfall)!;
            return
            [
                new($"{SplitTarget} times every ffmpeg split, {split.Name} the hardest", TextTable.Range(overSplit, 2), overSplit.Median >= SplitTarget),
                new($"{BestTarget} times every ffmpeg, {best.Name} the hardest", TextTable.Range(overBest, 2), overBest.Median >= BestTarget),
                new(
                    $"SSIM at most {SimilarityTarget} below ffmpeg's",
                    $"{TextTable.Number(-worst.Shortfall, 4)} in the worst rendition, {worst.Rendition}",
                    worst.Shortfall <= SimilarityTarget),
                new($"peak memory at most {MemoryTarget} times {leanest.Name}", TextTable.Range(memory, 2), memory.Median <= MemoryTarget),
            ];
        }
    }

    public override string ToString()
    {
        TextTable speed = new("1080p30 to 720p, 480p, 240p", "pictures/s", "CPU ms/picture", "peak MB", "others' cores", "ours: speed", "ours: CPU", "ours: memory");
        foreach (LadderSide side in Theirs.Prepend(Cold).Prepend(Ours))
        {
            bool isOurs = side == Ours;
            speed.Add(
                side.Name,
                TextTable.Range(side.PicturesPerSecond),
                TextTable.Range(side.CpuMilliseconds),
                TextTable.Range(side.PeakMegabytes, 0),
                TextTable.Range(Spread.Of(side.Runs.Select(static run => run.OthersCores))),
                isOurs ? "" : TextTable.Range(Spread.OfRatios(Ours.Speeds, side.Speeds), 2),
                isOurs ? "" : TextTable.Range(Spread.OfRatios(Ours.Cpus, side.Cpus), 2),
                isOurs ? "" : TextTable.Range(Spread.OfRatios(Ours.Peaks, side.Peaks), 2));
        }

        TextTable quality = new("SSIM luma / all", "ours", "ffmpeg split", "ffmpeg cascade");
        foreach (RenditionQuality rendition in Quality)
        {
            quality.Add(rendition.Rendition, Cell(rendition.Ours), Cell(rendition.Split), Cell(rendition.Cascade));
        }

        return $"{speed}\n{quality}\n{string.Join('\n', Verdicts)}\n";
    }

    private Spread SpeedOver(LadderSide side) => Spread.OfRatios(Ours.Speeds, side.Speeds);

    /// <summary>The rival that we lead least, pair by pair: whose median is fastest changes with the noise of the machine.</summary>
    private LadderSide Hardest(IEnumerable<LadderSide> sides) => sides.MinBy(side => SpeedOver(side).Median)!;

    private static string Cell(Similarity similarity) => $"{TextTable.Number(similarity.Luma, 4)} / {TextTable.Number(similarity.All, 4)}";
}
