namespace Rivet.Live.Core.Stats;

/// <summary>What the console plots, for each broadcast over the last minutes: so that its plots are not empty when it is opened.</summary>
internal sealed class StatsHistory
{
    /// <summary>Snapshots that are given out; a few more are kept, so that not every one moves all.</summary>
    public const int SnapshotsMax = 300;

    private const int Slack = 60;

    private readonly Lock _historyLock = new();
    private readonly Dictionary<string, OfSession> _sessions = [];

    /// <summary>Notes a snapshot, and lets go of the broadcasts that are not in it.</summary>
    public void Add(LiveStats stats)
    {
        double at = (stats.Server.StartedAt.ToUnixTimeMilliseconds() / 1000.0) + stats.Server.UptimeSeconds;
        lock (_historyLock)
        {
            foreach (string gone in _sessions.Keys.Except(stats.Broadcasts.Select(static broadcast => broadcast.Session)).ToArray())
            {
                _sessions.Remove(gone);
            }

            foreach (BroadcastStats broadcast in stats.Broadcasts.Where(static broadcast => broadcast.State != "ended"))
            {
                if (!_sessions.TryGetValue(broadcast.Session, out OfSession? session))
                {
                    _sessions[broadcast.Session] = session = new OfSession();
                }

                session.Add(at, broadcast);
            }
        }
    }

    /// <summary>A broadcast's last minutes; null where there are none.</summary>
    public HistoryStats? Of(string session)
    {
        lock (_historyLock)
        {
            return _sessions.TryGetValue(session, out OfSession? history) ? history.Read() : null;
        }
    }

    private sealed class OfSession
    {
        private readonly List<double> _times = [];
        private readonly Dictionary<string, List<LinePoint>> _lines = [];

        public void Add(double at, BroadcastStats broadcast)
        {
            _times.Add(at);
            foreach (SourceStats video in broadcast.Source.Where(static track => track.Track == "video"))
            {
                Add("source", new LinePoint(video.BitrateBps, Latency(video.Stages), null, video.PartIntervalMilliseconds?.P95));
            }

            foreach (RenditionStats one in broadcast.Renditions)
            {
                Add(one.Rendition, new LinePoint(
                    one.BitrateBps?.Latest, Latency(one.Stages), one.LagSeconds, one.PartIntervalMilliseconds?.P95));
            }

            foreach (List<LinePoint> line in _lines.Values)
            {
                Fill(line, _times.Count);
                Trim(line);
            }

            Trim(_times);
        }

        public HistoryStats Read() => new(
            Newest(_times),
            _lines.ToDictionary(
                static line => line.Key,
                static line => new LineHistory(
                    [.. Newest(line.Value).Select(static point => point.BitrateBps)],
                    [.. Newest(line.Value).Select(static point => point.LatencyMilliseconds)],
                    [.. Newest(line.Value).Select(static point => point.LagSeconds)],
                    [.. Newest(line.Value).Select(static point => point.CadenceMilliseconds)])));

        private static double? Latency(StageStats? stages) => stages?.FirstByteToPlaylistMilliseconds?.P95;

        private static void Fill(List<LinePoint> line, int count)
        {
            while (line.Count < count)
            {
                line.Add(default);
            }
        }

        private static void Trim<T>(List<T> values)
        {
            if (values.Count > SnapshotsMax + Slack)
            {
                values.RemoveRange(0, values.Count - SnapshotsMax);
            }
        }

        private static List<T> Newest<T>(List<T> values) => values.GetRange(Math.Max(0, values.Count - SnapshotsMax), Math.Min(values.Count, SnapshotsMax));

        private void Add(string name, LinePoint point)
        {
            if (!_lines.TryGetValue(name, out List<LinePoint>? line))
            {
                _lines[name] = line = [];
                Fill(line, _times.Count - 1);
            }

            line.Add(point);
        }
    }

    private readonly record struct LinePoint(double? BitrateBps, double? LatencyMilliseconds, double? LagSeconds, double? CadenceMilliseconds);
}

/// <summary>A broadcast's last minutes, a value for each snapshot.</summary>
/// <param name="Times">In seconds since 1970.</param>
/// <param name="Lines">The source's video and the renditions.</param>
internal sealed record HistoryStats(IReadOnlyList<double> Times, IReadOnlyDictionary<string, LineHistory> Lines);

/// <summary>One line of each plot; null where it was unknown.</summary>
internal sealed record LineHistory(
    IReadOnlyList<double?> BitrateBps, IReadOnlyList<double?> LatencyMilliseconds, IReadOnlyList<double?> LagSeconds, IReadOnlyList<double?> CadenceMilliseconds);
