using System.Collections.Concurrent;

namespace Rivet.Live.Core.Native;

/// <summary>Labels of open codecs, found again by the number that was put into their context.</summary>
/// <remarks>A number and not an address: codec threads log with copies of the context, and a stale number finds nothing instead of rubbish.</remarks>
internal sealed class LogTags
{
    private readonly ConcurrentDictionary<nint, string> _labels = new();
    private long _last;

    /// <summary>Labels now known.</summary>
    public int Count => _labels.Count;

    public nint Add(string label)
    {
        nint tag = (nint)Interlocked.Increment(ref _last);
        _labels[tag] = label;
        return tag;
    }

    public void Remove(nint tag) => _labels.TryRemove(tag, out _);

    public string? LabelOf(nint tag) => _labels.GetValueOrDefault(tag);
}
