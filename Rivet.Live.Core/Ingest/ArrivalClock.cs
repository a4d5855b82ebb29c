using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>When one of a publisher's tracks is due: learnt from how long after its time its media came lately. Used under the point's timeline lock.</summary>
/// <remarks>
/// What counts is from a fragment's beginning on the timeline to its last byte: that holds the length of the fragments, bursts, and a
/// publisher that runs ahead. Only lately, since no two clocks run alike; for long enough that a network that stutters now and then is known for it.
/// </remarks>
internal sealed class ArrivalClock(FragmentBroadcaster broadcaster, TimeProvider time)
{
    private const double WindowSeconds = 30;

    // An encoder that has just started sends what it took meanwhile as fast as it can: how late that was says nothing of what follows.
    private const double SettleSeconds = 2;

    // What came later than usual by no more than this was held up on its way; by more, the publisher stood still, and has caught up when it is in time again.
    private const double HiccupSeconds = 2;

    // The most of this window and of the one before.
    private Most _now = Most.Nothing;
    private Most _before = Most.Nothing;
    private double _windowBegan = double.NegativeInfinity;
    private MediaTime? _absentUntil;
    private double? _settlesAt;

    // While media comes that was told as absent: the delay before that began, and the longest since.
    private (double Usual, double Longest)? _late;

    public FragmentBroadcaster Broadcaster => broadcaster;

    /// <summary>Its gaps are the grid's.</summary>
    public bool DrivesGrid { get; set; }

    /// <summary>Where the media ends that came or was told as absent; null before the first.</summary>
    public MediaTime? Reached { get; private set; }

    /// <summary>Where the newest sample ends; null before the first.</summary>
    public MediaTime? SamplesEnd { get; private set; }

    /// <summary>What lies before <see cref="Reached"/> was told as absent.</summary>
    public bool IsAbsent => Reached is not null && Reached == _absentUntil;

    /// <summary>Seconds on the clock, behind its time on the timeline, at which media is in hand at the latest.</summary>
    public double DelaySeconds => Math.Max(_now.Delay, _before.Delay);

    /// <summary>The most media that came at once.</summary>
    public double BurstSeconds => Math.Max(_now.Burst, _before.Burst);

    /// <summary>Since its publisher came it sent whole GOPs only: what comes next is as late as its next keyframe is.</summary>
    public bool SendsGops { get; private set; }

    /// <summary>Seconds on the clock at which media that begins at <see cref="Reached"/> should be in hand; null before the first.</summary>
    public double? DueAt => Reached is { } reached ? reached.Seconds + DelaySeconds : null;

    /// <summary>When the fragment's last byte came, in seconds on the clock.</summary>
    public double SecondsOf(Fragment fragment) => time.GetElapsedTime(0, fragment.ReceivedAt).TotalSeconds;

    public void Arrived(Fragment fragment)
    {
        double at = SecondsOf(fragment);
        double delay = at - fragment.Start.Seconds;
        bool begins = Reached is null || fragment.IsDiscontinuity;
        SendsGops = (SendsGops || begins) && fragment is { StartsWithSync: true, Track.Kind: TrackKind.Video };
        var seen = new Most(delay, fragment.End.Seconds - fragment.Start.Seconds);
        if (begins)
        {
            _settlesAt = at + SettleSeconds;
        }

        if (_absentUntil is { } absent && fragment.Start < absent)
        {
            // It was not absent but late. Should it stay so, it is waited for that much longer.
            _late = _late is var (usual, longest) ? (usual, Math.Max(longest, delay)) : (DelaySeconds, delay);
            Begin(at, new Most(delay, BurstSeconds));
        }
        else if (_late is var (usual, longest))
        {
            (_late, _settlesAt) = (null, null);
            Begin(at, new Most(longest - usual <= HiccupSeconds ? longest : delay, BurstSeconds));
        }
        else if (at >= _settlesAt)
        {
            _settlesAt = null;
            Begin(at, new Most(at - fragment.End.Seconds + BurstSeconds, BurstSeconds));
        }
        else if (at - _windowBegan > WindowSeconds)
        {
            _before = _now;
            (_now, _windowBegan) = (Most.Nothing, at);
        }

        _now = _now.And(seen);
        SamplesEnd = fragment.End;
        Reached = Reached is { } reached && reached > fragment.End ? reached : fragment.End;
    }

    /// <summary>The media from <see cref="Reached"/> to here was told as absent.</summary>
    public void PassOver(MediaTime until) => Reached = _absentUntil = until;

    private void Begin(double at, Most known) => (_now, _before, _windowBegan) = (known, Most.Nothing, at);

    private readonly record struct Most(double Delay, double Burst)
    {
        public static Most Nothing { get; } = new(double.NegativeInfinity, 0);

        public Most And(Most other) => new(Math.Max(Delay, other.Delay), Math.Max(Burst, other.Burst));
    }
}
