using System.Globalization;
using Rivet.Live.Bench.Publishing;
using Rivet.Live.Configuration;
using Rivet.Live.Hosting;

namespace Rivet.Live.Bench.Viewers;

/// <summary>Managed memory that a request for a part costs. The counter is the process's own, so our server runs in this one for it.</summary>
internal static class AllocatedBytes
{
    private const int Seconds = 4;

    public static async Task<double> OfOursAsync(PublisherSource source)
    {
        LiveSettings settings = new()
        {
            Listen = new ListenSettings { Urls = ["http://127.0.0.1:0"] },
            Ladder = new LadderSettings { Renditions = [new RenditionSettings("above", 4320, 1_000_000, null, RenditionCodec.H264)] },
            Hls = new HlsSettings { Segment = TimeSpan.FromSeconds(MediaFanOut.SegmentSeconds) },
        };
        await using Microsoft.AspNetCore.Builder.WebApplication server = LiveServer.Build(settings);
        await server.StartAsync();
        Uri address = new(LiveServer.BoundAddresses(server).Single());
        await using Push push = new(new Uri(address, "ingest/bench/fan-out"), source);
        using HttpClient client = new();
        Uri part = await SourcePlaylist.NewestPartAsync(client, await SourcePlaylist.FindAsync(client, address, "bench/fan-out"));
        await Wrk.RunAsync(part, Seconds);

        // What the publisher allocates meanwhile is taken off.
        long began = GC.GetTotalAllocatedBytes(precise: true);
        await Task.Delay(TimeSpan.FromSeconds(Seconds), TimeProvider.System);
        long idle = GC.GetTotalAllocatedBytes(precise: true) - began;
        Wrk wrk = await Wrk.RunAsync(part, Seconds);
        return (GC.GetTotalAllocatedBytes(precise: true) - began - (2 * idle)) / (double)wrk.Requests;
    }

    public static async Task<double> OfBareAsync(Uri address, string file)
    {
        using HttpClient client = new() { BaseAddress = address };
        long began = await ReadAsync();
        Wrk wrk = await Wrk.RunAsync(new Uri(address, file), Seconds);
        return (await ReadAsync() - began) / (double)wrk.Requests;

        async Task<long> ReadAsync() => long.Parse(await client.GetStringAsync(new Uri("/bench/allocated", UriKind.Relative)), CultureInfo.InvariantCulture);
    }
}
