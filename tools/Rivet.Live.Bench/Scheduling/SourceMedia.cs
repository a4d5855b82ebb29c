using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Demuxing;

namespace Rivet.Live.Bench.Scheduling;

/// <summary>A file's video in memory, to be published again and again.</summary>
internal sealed class SourceMedia : IDisposable
{
    private SourceMedia(IReadOnlyList<Fragment> fragments) => Fragments = fragments;

    /// <summary>In order. Whoever publishes one shares it first.</summary>
    public IReadOnlyList<Fragment> Fragments { get; }

    public int Pictures => Fragments.Sum(static fragment => fragment.Samples.Length);

    public double Seconds => Fragments[^1].End.Seconds - Fragments[0].Start.Seconds;

    /// <param name="path">A fragmented MP4.</param>
    public static async Task<SourceMedia> ReadAsync(string path)
    {
        using FragmentReader reader = new(new PayloadPool(), IngestLimits.Default);
        List<IngestEvent> events = [];
        reader.Accept(await File.ReadAllBytesAsync(path), TimeProvider.System.GetTimestamp(), events);
        return new SourceMedia([.. events.OfType<IngestEvent.Media>().Select(static media => media.Fragment)]);
    }

    public void Dispose()
    {
        foreach (Fragment fragment in Fragments)
        {
            fragment.Dispose();
        }
    }
}
