using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>Which samples of a track came lately, by decode time and content: what comes again is known for it, however it is cut into fragments.</summary>
internal sealed class RecentSamples
{
    /// <summary>Media that is remembered: an encoder that was cut off sends its last three segments again at most (DASH-IF Ingest 5).</summary>
    private const double KeptSeconds = 60;

    /// <summary>Two minutes of video at 60 a second. Durations are what a publisher says that they are.</summary>
    private const int KeptMax = 8192;

    private readonly HashSet<Content> _known = [];
    private readonly Queue<(Content Sample, double UpTo)> _order = new();
    private readonly List<Content> _asked = [];
    private double _seconds;

    /// <summary>Adds what is new of a fragment.</summary>
    /// <returns>Samples at its beginning that came before, or lie before one that did.</returns>
    public int Add(Fragment fragment)
    {
        int known = CountKnown(fragment);
        for (int index = known; index < _asked.Count; index++)
        {
            _seconds += (double)fragment.Samples[index].Duration / fragment.Track.Timescale;
            if (_known.Add(_asked[index]))
            {
                _order.Enqueue((_asked[index], _seconds));
            }
        }

        while (_order.TryPeek(out (Content Sample, double UpTo) oldest) && (_seconds - oldest.UpTo > KeptSeconds || _order.Count > KeptMax))
        {
            _known.Remove(_order.Dequeue().Sample);
        }

        return known;
    }

    /// <summary>Samples at a fragment's beginning that came before, or lie before one that did.</summary>
    public int CountKnown(Fragment fragment)
    {
        _asked.Clear();
        int known = 0;
        foreach (ref readonly Sample sample in fragment.Samples.AsSpan())
        {
            HashCode hash = default;
            hash.AddBytes(fragment.BytesOf(sample));
            _asked.Add(new Content(sample.DecodeTime, sample.Bytes, hash.ToHashCode()));
            known = _known.Contains(_asked[^1]) ? _asked.Count : known;
        }

        return known;
    }

    private readonly record struct Content(long DecodeTime, int Bytes, int Hash);
}
