using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>When one of a publisher's tracks is due: learnt from how long after its time its media came lately. Used under the point's timeline lock.</summary>
/// <remarks>
/// What counts is from a fragment's beginning on the timeline to its last byte: that holds the length of the fragments, bursts, and a
/// publisher that runs ahead. Only lately, since no two clocks run alike.
/// </remarks>
internal sealed class ArrivalClock(FragmentBroadcaster broadcaster, TimeProvider time)
{
    private const double WindowSeconds = 5;

    // The longest delays of this window and of the one before.
    private double _delay = double.NegativeInfinity;
    private double _delayBefore = double.NegativeInfinity;
    private double _windowBegan = double.NegativeInfinity;
    private MediaTime? _absentUntil;

    public FragmentBroadcaster Broadcaster => broadcaster;

    /// <summary>Its gaps are the grid's.</summary>
    public bool DrivesGrid { get; set; }

    /// <summary>Where the media ends that came or was told as absent; null before the first.</summary>
    public MediaTime? Reached { get; private set; }

    /// <summary>Seconds on the clock at which media that begins at <see cref="Reached"/> should be in hand; null before the first.</summary>
    public double? DueAt => Reached is { } reached ? reached.Seconds + Math.Max(_delay, _delayBefore) : null;

    public void Arrived(Fragment fragment)
    {
        double at = time.GetElapsedTime(0, fragment.ReceivedAt).TotalSeconds;
        double delay = at - fragment.Start.Seconds;
        if (_absentUntil is { } absent && fragment.Start < absent)
        {
            // It was not absent but late. Should it stay so, it will be waited for longer from now on.
            (_delay, _delayBefore, _windowBegan) = (delay, double.NegativeInfinity, at);
        }
        else
        {
            if (at - _windowBegan > WindowSeconds)
            {
                (_delayBefore, _delay, _windowBegan) = (_delay, double.NegativeInfinity, at);
            }

            _delay = Math.Max(_delay, delay);
        }

        Reached = Reached is { } reached && reached > fragment.End ? reached : fragment.End;
    }

    /// <summary>The media from <see cref="Reached"/> to here was told as absent.</summary>
    public void PassOver(MediaTime until) => Reached = _absentUntil = until;
}
