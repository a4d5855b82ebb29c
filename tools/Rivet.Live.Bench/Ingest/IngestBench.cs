using Rivet.Live.Bench.Publishing;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Demuxing;

namespace Rivet.Live.Bench.Ingest;

/// <summary>What reading a publisher's bytes costs, socket and registry left out; then with all that belongs to it, and how many publishers that allows.</summary>
internal static class IngestBench
{
    private const int SecondsOfMedia = 10;

    /// <summary>What a socket gives at once.</summary>
    private const int PieceBytes = 16 * 1024;

    private static readonly TimeSpan RunLength = TimeSpan.FromSeconds(1);

    private static readonly (string Name, PublisherMedia Media)[] Kinds =
    [
        ("4 Mb/s, 0.2 s per fragment", PublisherMedia.Usual),
        ("4 Mb/s, a picture per fragment", PublisherMedia.Usual with { FragmentMicroseconds = "1" }),
        ("4 Mb/s, 2 s per fragment", PublisherMedia.Usual with { FragmentMicroseconds = "2000000" }),
    ];

    public static async Task<IngestReport> RunAsync(BenchOptions options, string folder)
    {
        List<IngestRow> rows = [];
        foreach ((string name, PublisherMedia media) in Kinds)
        {
            PublisherSource source = await PublisherSource.MakeAsync(folder, SecondsOfMedia, media);
            byte[] body = [.. source.Init.Span, .. source.Fragments.SelectMany(static fragment => fragment.ToArray())];
            Measure(body);
            rows.Add(new IngestRow(name, source.Fragments.Count, [.. Enumerable.Range(0, options.Number("runs", 5)).Select(_ => Measure(body))]));
        }

        PublisherSource source4 = await PublisherSource.MakeAsync(folder, SinkBench.MediaSeconds, PublisherMedia.FourMegabitParts);
        return new IngestReport(rows, await SinkBench.RunAsync(options, source4), await HeldBench.RunAsync(options, source4));
    }

    /// <summary>Reads the body again and again for a while.</summary>
    private static IngestRun Measure(byte[] body)
    {
        var pool = new PayloadPool();
        long fragments = 0;
        long bytes = 0;
        long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        long began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < RunLength)
        {
            fragments += Read(body, pool);
            bytes += body.Length;
        }

        double seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        return new IngestRun(bytes / 1e6 / seconds, seconds * 1e6 / fragments, (double)allocated / fragments);
    }

    private static long Read(byte[] body, PayloadPool pool)
    {
        using FragmentReader reader = new(pool, IngestLimits.Default);
        List<IngestEvent> events = [];
        for (int start = 0; start < body.Length; start += PieceBytes)
        {
            reader.Accept(body.AsSpan(start, Math.Min(PieceBytes, body.Length - start)), receivedAt: 1, events);
            foreach (IngestEvent happened in events)
            {
                (happened as IngestEvent.Media)?.Fragment.Dispose();
            }

            events.Clear();
        }

        return reader.Fragments;
    }
}
