using Rivet.Live.Core.Broadcast;

namespace Rivet.Live.Core.Ladder;

/// <summary>
/// The usual distance of two pictures of a source, from its first samples. Never from the first alone: muxers stretch it to make room for
/// the audio's priming, and a rate control that believed it would overshoot for ever.
/// </summary>
/// <remarks>One writer; read by every decoder of the source.</remarks>
internal sealed class FrameSpacing
{
    private const int SamplesLearntFrom = 30;

    private readonly List<int> _durations = [];
    private Learnt? _learnt;
    private int _timescale;

    /// <summary>True once there is something to say.</summary>
    public bool IsKnown => Volatile.Read(ref _learnt) is not null;

    /// <summary>Ticks between two pictures; 0 before it is known.</summary>
    public int TicksAt(int timescale) => Volatile.Read(ref _learnt) is { } learnt
        ? (int)Math.Clamp(Math.Round((double)learnt.Ticks * timescale / learnt.Timescale), 1, int.MaxValue)
        : 0;

    /// <summary>Looks at a fragment; each is shown once, in order.</summary>
    public void Learn(Fragment fragment)
    {
        if (_timescale != fragment.Track.Timescale)
        {
            _timescale = fragment.Track.Timescale;
            _durations.Clear();
        }

        if (_durations.Count >= SamplesLearntFrom)
        {
            return;
        }

        _durations.AddRange(fragment.Samples.Select(static sample => sample.Duration));
        if (_durations.Count >= 2)
        {
            int[] sorted = [.. _durations.Skip(1).Order()];
            Volatile.Write(ref _learnt, new Learnt(Math.Max(1, sorted[sorted.Length / 2]), _timescale));
        }
    }

    private sealed record Learnt(int Ticks, int Timescale);
}
