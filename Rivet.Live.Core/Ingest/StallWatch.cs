using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>
/// Keeps a broadcast going while its publisher sends nothing: media that is overdue is told as absent, one part target at a time, in each
/// track that misses it.
/// </summary>
/// <param name="point">Whose publisher is watched.</param>
/// <param name="patience">How much later than it lately was media may be.</param>
/// <param name="time">The clock that fragments are stamped with.</param>
internal sealed class StallWatch(PublishingPoint point, TimeSpan patience, TimeProvider time)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(10);

    // A publisher that goes meanwhile is noticed then.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    // Until then nothing is overdue: seconds on the clock.
    private double _patientUntil;

    /// <summary>Watches until the point is closed.</summary>
    public Task RunAsync(CancellationToken stopping) => OpenWork.RunAsync(WatchAsync, point.WhenClosed, stopping);

    private async Task WatchAsync(CancellationToken over)
    {
        double part = (await point.Session.Parts.WhenDecided.WaitAsync(over)).TargetSeconds;
        while (true)
        {
            var pause = TimeSpan.FromSeconds(Math.Clamp(TellOverdue(part), ShortestWait.TotalSeconds, LongestWait.TotalSeconds));
            long began = time.GetTimestamp();
            await Task.Delay(pause, time, over);
            if (time.GetElapsedTime(began) - pause > patience / 2)
            {
                // It was this process that stood still: what the publisher sent meanwhile has yet to be read.
                _patientUntil = Now() + patience.TotalSeconds;
            }
        }
    }

    /// <summary>Tells one part's time as absent in every track that is overdue.</summary>
    /// <returns>Seconds until the next track may be.</returns>
    private double TellOverdue(double part)
    {
        double now = Now();
        double wait = part;
        if (now < _patientUntil)
        {
            return wait;
        }

        lock (point.Timeline)
        {
            ArrivalClock? driver = point.Arrivals.FirstOrDefault(static track => track.DrivesGrid);
            bool driverIsOverdue = driver is { DueAt: { } driverDue } && driverDue + PatienceWith(driver, part) <= now;
            foreach (ArrivalClock track in point.Arrivals.OrderBy(track => track == driver ? 0 : 1))
            {
                // All tracks stop together: the grid says first where the hole begins, so that it is the same in all of them.
                bool waits = track != driver && !driverIsOverdue && driver is { IsAbsent: false, Reached: { } head } && track.Reached?.Seconds > head.Seconds - (2 * part);
                wait = waits ? wait : Math.Min(wait, TellOverdue(track, driver, part, now));
            }
        }

        return wait;
    }

    /// <summary>Tells one part's time as absent where a track is overdue.</summary>
    /// <returns>Seconds until it may be.</returns>
    private double TellOverdue(ArrivalClock track, ArrivalClock? driver, double part, double now)
    {
        if (track is not { DueAt: { } due, Reached: { } reached, Broadcaster.Track: { } description })
        {
            return part;
        }

        double left = due + PatienceWith(track, part) - now;
        if (left > 0)
        {
            return left;
        }

        MediaTime begin = reached.FloorTo(description.Timescale);
        MediaTime until = begin with { Ticks = begin.Ticks + (long)Math.Floor((part * description.Timescale) + 1e-6) };
        Tell(track, description, begin, until);
        if (driver is { IsAbsent: true, Reached: { } told, Broadcaster.Track: { } driving } && told < until)
        {
            // As far as it is told, the others know which segments their gaps are in.
            MediaTime floor = until.FloorTo(driving.Timescale);
            Tell(driver, driving, told, floor with { Ticks = floor.Ticks + 1 });
        }

        return left + part;
    }

    private double Now() => time.GetElapsedTime(0, time.GetTimestamp()).TotalSeconds;

    /// <summary>
    /// Of whoever is gone nothing more comes. A publisher of whole GOPs may wait for its next keyframe: nobody can tell that from a stall before it
    /// is as late as a GOP is long.
    /// </summary>
    private double PatienceWith(ArrivalClock track, double part)
    {
        if (point.Publisher is null)
        {
            return 0;
        }

        return track.BurstSeconds > part && point.Arrivals.Any(static track => track.SendsGops)
            ? Math.Max(patience.TotalSeconds, Math.Max(track.BurstSeconds, point.Session.Grid.TargetDurationSeconds))
            : patience.TotalSeconds;
    }

    private void Tell(ArrivalClock track, TrackDescription description, MediaTime begin, MediaTime until)
    {
        point.Pacer.Flush();
        track.PassOver(until);
        if (track.DrivesGrid)
        {
            point.Session.Grid.PassOver(until);
        }

        track.Broadcaster.Publish(Fragment.Absence(description, begin, until, time.GetTimestamp()));
    }
}
