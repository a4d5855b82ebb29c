using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>Which fragments of a track came lately, by decode time and content: what comes again is known for it.</summary>
internal sealed class RecentFragments
{
    /// <summary>Thirty seconds of a fragment per picture at 60 a second, and several minutes of whole GOPs.</summary>
    private const int Kept = 2048;

    private readonly Dictionary<long, (int Bytes, int Hash)> _contents = [];
    private readonly Queue<long> _order = new();

    /// <summary>False where the same samples were added before at the same time.</summary>
    public bool TryAdd(Fragment fragment)
    {
        long start = fragment.Start.Ticks;
        (int Bytes, int Hash) content = ContentOf(fragment);
        if (_contents.TryGetValue(start, out (int Bytes, int Hash) before))
        {
            _contents[start] = content;
            return before != content;
        }

        _contents.Add(start, content);
        _order.Enqueue(start);
        if (_order.Count > Kept)
        {
            _contents.Remove(_order.Dequeue());
        }

        return true;
    }

    public bool Contains(Fragment fragment) =>
        _contents.TryGetValue(fragment.Start.Ticks, out (int Bytes, int Hash) content) && content == ContentOf(fragment);

    public void Clear()
    {
        _contents.Clear();
        _order.Clear();
    }

    private static (int Bytes, int Hash) ContentOf(Fragment fragment)
    {
        HashCode hash = default;
        foreach (ref readonly Sample sample in fragment.Samples.AsSpan())
        {
            hash.AddBytes(fragment.BytesOf(sample));
        }

        return (fragment.PayloadBytes, hash.ToHashCode());
    }
}
