using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Broadcast;

/// <summary>Learns one track's <see cref="FrameCadence"/> from its first samples.</summary>
/// <remarks>Never from the very first one: muxers stretch it to make room for the priming of another track.</remarks>
internal sealed class FrameDurations(TrackDescription track)
{
    /// <summary>Durations are what a publisher says that they are: they need not add up to anything.</summary>
    private const int SamplesMax = 4096;

    // What lies outside says nothing of how a part is filled, and every number of frames that fit into one is tried.
    private const double ShortestSeconds = 0.001;
    private const double LongestSeconds = 10;

    private readonly List<int> _ticks = [];
    private bool _hasFirst;

    public TrackDescription Track { get; private set; } = track;

    /// <summary>True once the samples say more than a guess would.</summary>
    public bool IsKnown => _ticks.Count > 0;

    /// <summary>True once so much media was learnt from, or as much as ever will be.</summary>
    public bool HasLearntFrom(double seconds) =>
        _ticks.Count == SamplesMax || (IsKnown && (double)_ticks.Sum(static ticks => (long)ticks) / Track.Timescale >= seconds);

    public void Observe(Fragment fragment)
    {
        Track = fragment.Track;
        foreach (Sample sample in fragment.Samples)
        {
            if (_hasFirst && sample.Duration > 0 && _ticks.Count < SamplesMax)
            {
                _ticks.Add(sample.Duration);
            }

            _hasFirst = true;
        }
    }

    /// <summary>What was learnt; of audio that has not come yet the usual frame of its codec, of video nothing.</summary>
    public FrameCadence? Cadence()
    {
        if (_ticks.Count > 0)
        {
            return Learnt();
        }

        return Track switch
        {
            { Kind: not TrackKind.Audio } or { SampleRate: <= 0 } => null,
            { SampleEntryType: "Opus" } => new FrameCadence(0.02, 0),
            { SampleRate: int rate } => new FrameCadence(1024.0 / rate, 0),
        };
    }

    /// <summary>Pauses and stumbles aside: what lies within half of the median.</summary>
    private FrameCadence Learnt()
    {
        int[] sorted = [.. _ticks.Order()];
        int median = sorted[sorted.Length / 2];
        int[] usual = [.. sorted.Where(ticks => ticks * 2L >= median && ticks * 2L <= median * 3L)];
        int range = usual[^1] - usual[0];

        // Times that were rounded to ticks: one more, since the average is of few samples.
        int spread = range == 0 ? 0 : range + 1;
        return new FrameCadence(Math.Clamp(usual.Average() / Track.Timescale, ShortestSeconds, LongestSeconds), Math.Min(LongestSeconds, (double)spread / Track.Timescale));
    }
}
