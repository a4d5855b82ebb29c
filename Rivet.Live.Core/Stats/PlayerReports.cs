using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Stats;

/// <summary>What players report of themselves, by session. Off the media path, sampled by the players, and bounded here.</summary>
internal sealed class PlayerReports(TimeProvider time)
{
    /// <summary>Reports of one broadcast taken in a second; more would not make the figures better.</summary>
    private const int PerSecondMax = 50;

    /// <summary>Reports that figures are taken over.</summary>
    private const int ReportsMeasured = 256;

    private readonly Lock _reportsLock = new();
    private readonly Dictionary<string, OfSession> _sessions = [];

    /// <summary>Notes a report.</summary>
    /// <param name="session">A session that exists.</param>
    /// <param name="latencySeconds">From the broadcast's clock to the picture that is shown; null where the player does not know.</param>
    /// <param name="stalls">Stalls since the player's last report.</param>
    public void Note(string session, double? latencySeconds, int stalls)
    {
        lock (_reportsLock)
        {
            if (!_sessions.TryGetValue(session, out OfSession? reports))
            {
                _sessions[session] = reports = new OfSession();
            }

            if (reports.SecondBegan == 0 || time.GetElapsedTime(reports.SecondBegan) >= TimeSpan.FromSeconds(1))
            {
                reports.SecondBegan = time.GetTimestamp();
                reports.InSecond = 0;
            }

            if (++reports.InSecond > PerSecondMax)
            {
                return;
            }

            reports.Count++;
            reports.Stalls += stalls;
            if (latencySeconds is { } latency)
            {
                reports.LatencyMilliseconds.Add(latency * 1000);
            }
        }
    }

    /// <summary>Reports, the stalls in them, and percentiles of the latency; nulls where nobody reported.</summary>
    public (long? Reports, long? Stalls, Percentiles? LatencyMilliseconds) Read(string session)
    {
        lock (_reportsLock)
        {
            return _sessions.TryGetValue(session, out OfSession? reports)
                ? (reports.Count, reports.Stalls, reports.LatencyMilliseconds.Read())
                : (null, null, null);
        }
    }

    /// <summary>Lets go of all other sessions.</summary>
    public void KeepOnly(IEnumerable<string> sessions)
    {
        HashSet<string> kept = [.. sessions];
        lock (_reportsLock)
        {
            foreach (string session in _sessions.Keys.Where(session => !kept.Contains(session)).ToArray())
            {
                _sessions.Remove(session);
            }
        }
    }

    private sealed class OfSession
    {
        public SlidingPercentiles LatencyMilliseconds { get; } = new(ReportsMeasured);

        public long Count { get; set; }

        public long Stalls { get; set; }

        public long SecondBegan { get; set; }

        public int InSecond { get; set; }
    }
}
