namespace Rivet.Live.Bench.Passthrough;

/// <summary>What one side took for some broadcasts over one measured span.</summary>
/// <param name="CpuSecondsPerBroadcastMinute">Processor time for a minute of one broadcast.</param>
/// <param name="ResidentMegabytes">Memory in use at the end, of all its processes together.</param>
internal sealed record PassthroughFigures(double CpuSecondsPerBroadcastMinute, double ResidentMegabytes)
{
    /// <summary>Lets some processes run and says what they took.</summary>
    public static async Task<PassthroughFigures> MeasureAsync(IReadOnlyCollection<int> processIds, int broadcasts, int seconds)
    {
        TimeProvider time = TimeProvider.System;
        long began = time.GetTimestamp();
        double before = processIds.Sum(Measuring.ProcessFigures.CpuSeconds);
        await Task.Delay(TimeSpan.FromSeconds(seconds), time);
        double cpu = processIds.Sum(Measuring.ProcessFigures.CpuSeconds) - before;
        double minutes = time.GetElapsedTime(began).TotalMinutes * broadcasts;
        return new PassthroughFigures(cpu / minutes, processIds.Sum(Measuring.ProcessFigures.ResidentMegabytes));
    }
}
