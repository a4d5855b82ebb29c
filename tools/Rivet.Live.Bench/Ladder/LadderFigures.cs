namespace Rivet.Live.Bench.Ladder;

/// <summary>What one run of one side took, from the first source byte to the last sample of every rendition.</summary>
/// <param name="Pictures">Source pictures transcoded.</param>
/// <param name="WallSeconds">Time on the clock.</param>
/// <param name="CpuSeconds">Processor time, user and kernel.</param>
/// <param name="PeakMegabytes">The most memory that the process ever had in use, code of shared libraries included.</param>
/// <param name="OthersCores">Cores that other programs of the machine kept busy meanwhile.</param>
internal sealed record LadderFigures(int Pictures, double WallSeconds, double CpuSeconds, double PeakMegabytes, double OthersCores)
{
    public double PicturesPerSecond => Pictures / WallSeconds;

    public double CpuMilliseconds => CpuSeconds * 1000 / Pictures;
}
