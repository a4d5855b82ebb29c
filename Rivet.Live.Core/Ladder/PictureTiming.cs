using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>What the source said of one picture before it was decoded.</summary>
/// <param name="Duration">Ticks until the next picture is shown.</param>
/// <param name="IsSync">The source has a keyframe here.</param>
/// <param name="Arrival">When its fragment came in.</param>
/// <param name="TicksIntoFragment">Ticks from the fragment's first picture to this one: so much later it is due.</param>
internal readonly record struct PictureTiming(int Duration, bool IsSync, FragmentArrival Arrival, long TicksIntoFragment)
{
    /// <summary>When its fragment's last byte was in hand.</summary>
    public long ReceivedAt => Arrival.ReceivedAt;

    /// <summary>
    /// Presentation durations of a fragment's samples: the distance to the picture shown next, but never more than the sample's own duration.
    /// With B pictures a fragment may end between pictures that are shown one after the other, and what is shown in between comes with the next.
    /// </summary>
    public static IEnumerable<(long PresentationTime, PictureTiming Timing)> Of(ReadOnlyMemory<Sample> samples, FragmentArrival arrival)
    {
        Sample[] shown = samples.ToArray();
        Array.Sort(shown, static (left, right) => left.PresentationTime.CompareTo(right.PresentationTime));
        for (int index = 0; index < shown.Length; index++)
        {
            Sample sample = shown[index];
            long toNext = index + 1 < shown.Length ? shown[index + 1].PresentationTime - sample.PresentationTime : 0;
            int duration = toNext > 0 ? (int)Math.Min(toNext, sample.Duration) : sample.Duration;
            yield return (sample.PresentationTime, new PictureTiming(duration, sample.IsSync, arrival, sample.PresentationTime - shown[0].PresentationTime));
        }
    }
}
