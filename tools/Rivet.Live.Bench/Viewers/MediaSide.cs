using Rivet.Live.Bench.Measuring;

namespace Rivet.Live.Bench.Viewers;

/// <summary>One server of the same bytes, and what its runs gave.</summary>
internal sealed record MediaSide(string Name, int[] ProcessIds)
{
    public List<MediaRun> Runs { get; } = [];

    public async Task MeasureAsync(Uri url, int seconds)
    {
        double before = ProcessIds.Sum(ProcessFigures.CpuSeconds);
        Wrk wrk = await Wrk.RunAsync(url, seconds);
        Runs.Add(new MediaRun(wrk.PerSecond, (ProcessIds.Sum(ProcessFigures.CpuSeconds) - before) * 1e6 / wrk.Requests, wrk.Errors));
    }
}
