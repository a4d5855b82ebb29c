using Rivet.Live.Bench.Measuring;

namespace Rivet.Live.Bench.Ladder;

/// <summary>All runs of one side.</summary>
/// <param name="Name">For tables.</param>
/// <param name="IsCascade">Each rung is scaled from the one above.</param>
/// <param name="Runs">In the order in which they were made, turn by turn with the other sides'.</param>
internal sealed record LadderSide(string Name, bool IsCascade, IReadOnlyList<LadderFigures> Runs)
{
    public Spread PicturesPerSecond => Spread.Of(Speeds);

    public Spread CpuMilliseconds => Spread.Of(Runs.Select(static run => run.CpuMilliseconds));

    public Spread PeakMegabytes => Spread.Of(Runs.Select(static run => run.PeakMegabytes));

    public IReadOnlyList<double> Speeds => [.. Runs.Select(static run => run.PicturesPerSecond)];

    public IReadOnlyList<double> Peaks => [.. Runs.Select(static run => run.PeakMegabytes)];

    public IReadOnlyList<double> Cpus => [.. Runs.Select(static run => run.CpuMilliseconds)];
}
