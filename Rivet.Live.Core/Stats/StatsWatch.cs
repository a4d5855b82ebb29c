using Microsoft.Extensions.Logging;

namespace Rivet.Live.Core.Stats;

/// <summary>Takes a snapshot a second, notes in the timeline what changed since the one before, and hands it to whoever follows.</summary>
/// <remarks>Nobody tells it anything: counters only grow, so what happens between two snapshots is noticed all the same.</remarks>
internal sealed partial class StatsWatch(LiveStatsReader reader, Timeline timeline, PlayerReports reports, TimeProvider time, ILogger<StatsWatch> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private StatsMoment _current = new(reader.Read());

    /// <summary>What was seen in the last minutes.</summary>
    public StatsHistory History { get; } = new();

    /// <summary>The newest snapshot.</summary>
    public StatsMoment Current => Volatile.Read(ref _current);

    public async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            await Task.Delay(Interval, time, stopping);
            try
            {
                Look();
            }
            catch (Exception exception)
            {
                // By design: figures must not stop the media; the next second tries again.
                LogFailed(logger, exception);
            }
        }
    }

    /// <summary>One look at everything.</summary>
    public void Look()
    {
        StatsMoment before = Current;
        LiveStats now = reader.Read();
        TimelineWriter.Note(before.Stats, now, timeline);
        string[] sessions = [.. now.Broadcasts.Select(static broadcast => broadcast.Session)];
        timeline.KeepOnly(sessions);
        reports.KeepOnly(sessions);
        History.Add(now);
        StatsMoment next = new(reader.WithTimeline(now));
        Volatile.Write(ref _current, next);
        before.ReplaceWith(next);
    }

    [LoggerMessage(7001, LogLevel.Error, "A snapshot of the stats failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
