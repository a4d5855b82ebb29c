using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Demuxing;

namespace Rivet.Live.Core.Ingest;

/// <summary>
/// Decides what becomes of a publisher that comes while another one is there: it sends the same and is its reserve, it replaces one that is gone
/// without a word, or it is refused.
/// </summary>
internal sealed class SecondPublisher(PublishingPoint point, Publisher newcomer, FragmentBroadcasterRegistry registry, IngestLimits limits, TimeProvider time)
{
    /// <summary>Whoever is further from the first does not send the same, or begins it anew.</summary>
    private const double ApartMaxSeconds = 10;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly long _firstFragments = FragmentsOf(point);

    /// <summary>Waits until it is clear. The newcomer is in beside the others.</summary>
    /// <param name="tracks">Its init.</param>
    /// <param name="media">Its first fragment.</param>
    /// <param name="over">It has to go.</param>
    /// <returns>Where it publishes; null where it is refused.</returns>
    public async Task<PublishedStream?> JudgeAsync(IReadOnlyList<IngestTrack> tracks, IngestEvent.Media media, CancellationToken over)
    {
        while (true)
        {
            // Before what came is looked at: what comes meanwhile is looked at in the next round.
            long fragments = FragmentsOf(point);
            PublishedStream? shared = point.Publication?.Only;
            double? lead = shared?.LeadOf(media);
            if (lead > -ApartMaxSeconds && shared!.Knows(tracks, media) && point.TryJoin(newcomer))
            {
                return shared;
            }

            Publisher? there = point.Publisher;
            bool isGone = there is not null && there.Owner == newcomer.Owner && there.SilenceOn(time) > SilenceMaxBeside(media.Fragment);
            if ((there is null || isGone) && point.TryEnter(newcomer, takesOver: isGone))
            {
                return new Publication(point, registry, time).Open("");
            }

            // The first one lives, and what it sends is something else.
            bool isAhead = lead is > -0.001 and < ApartMaxSeconds;
            if (point.IsClosed || (fragments > _firstFragments && !isAhead))
            {
                return null;
            }

            await Task.Delay(Poll, time, over);
        }
    }

    private static long FragmentsOf(PublishingPoint point) => point.Meters.Sum(static meter => meter.Fragments);

    /// <summary>Whoever sends long fragments is silent in between; one that has yet to send its first may send such as the newcomer does.</summary>
    private TimeSpan SilenceMaxBeside(Fragment newcomers)
    {
        lock (point.Timeline)
        {
            double burst = point.Arrivals.Select(static track => track.BurstSeconds).Append(newcomers.End.Seconds - newcomers.Start.Seconds).Max();
            return TimeSpan.FromSeconds(Math.Max(limits.HungPublisher.TotalSeconds, 2 * Math.Min(burst, 60)));
        }
    }
}
