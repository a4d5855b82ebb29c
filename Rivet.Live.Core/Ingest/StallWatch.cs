using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>
/// Keeps a broadcast going while its publisher sends nothing: media that is overdue is told as absent, one part target at a time, in each
/// track that misses it.
/// </summary>
internal sealed class StallWatch(PublishingPoint point, TimeProvider time)
{
    // hls.js gives up a reload after the longer of three part targets and 0.8 target durations; it must have its answer before.
    private const double OfPlayersPatience = 0.7;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(10);

    /// <summary>Watches until the point is closed.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task watching = WatchAsync(over.Token);
        await Task.WhenAny(watching, point.WhenClosed);
        await over.CancelAsync();
        try
        {
            await watching;
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // By design: there is nothing left to watch.
        }
    }

    private async Task WatchAsync(CancellationToken over)
    {
        double part = await point.Session.Parts.WhenDecided.WaitAsync(over);
        double patience = OfPlayersPatience * Math.Max(3 * part, 0.8 * point.Session.Grid.TargetDurationSeconds);
        while (true)
        {
            TimeSpan pause = TimeSpan.FromSeconds(Math.Min(TellOverdue(part, patience), part));
            await Task.Delay(pause > ShortestWait ? pause : ShortestWait, time, over);
        }
    }

    /// <summary>Tells one part's time as absent in every track that is overdue.</summary>
    /// <returns>Seconds until the next track may be.</returns>
    private double TellOverdue(double part, double patience)
    {
        long timestamp = time.GetTimestamp();
        double now = time.GetElapsedTime(0, timestamp).TotalSeconds;
        double wait = part;
        lock (point.Timeline)
        {
            ArrivalClock? driver = point.Arrivals.FirstOrDefault(static track => track.DrivesGrid);
            bool driverIsOverdue = driver?.DueAt + patience <= now;
            foreach (ArrivalClock track in point.Arrivals.OrderBy(track => track == driver ? 0 : 1))
            {
                // All tracks stop together: the grid says first where the hole begins, so that it is the same in all of them.
                bool waits = track != driver && !driverIsOverdue && driver?.Reached is { } head && track.Reached?.Seconds > head.Seconds - (2 * part);
                if (!waits && track is { DueAt: { } due, Reached: { } reached, Broadcaster.Track: { } description })
                {
                    if (due + patience <= now)
                    {
                        Tell(track, description, reached, part, timestamp);
                        due += part;
                    }

                    wait = Math.Min(wait, due + patience - now);
                }
            }
        }

        return wait;
    }

    private void Tell(ArrivalClock track, TrackDescription description, MediaTime reached, double part, long timestamp)
    {
        MediaTime begin = reached.FloorTo(description.Timescale);
        MediaTime until = begin with { Ticks = begin.Ticks + (long)Math.Floor((part * description.Timescale) + 1e-6) };
        track.PassOver(until);
        if (track.DrivesGrid)
        {
            point.Session.Grid.PassOver(until);
        }

        track.Broadcaster.Publish(Fragment.Absence(description, begin, until, timestamp));
    }
}
