using System.Globalization;
using Rivet.Live.Bench.Publishing;

namespace Rivet.Live.Bench.Viewers;

/// <summary>One part of about 50 KB, asked for as fast as two cores can: ours, nginx with the same bytes as a file, Kestrel with them as an array.</summary>
internal static class MediaFanOut
{
    /// <summary>Parts can be fetched for six target durations: long enough for a turn.</summary>
    public const int SegmentSeconds = 6;

    private const int WarmUpSeconds = 5;

    public static async Task<MediaFigures> MeasureAsync(PublisherSource source, int runs, int seconds, string folder)
    {
        await using ServerUnderTest ours = await ServerUnderTest.StartOursAsync(string.Create(CultureInfo.InvariantCulture, $"--Hls:SegmentSeconds={SegmentSeconds}"));
        await using Nginx nginx = await Nginx.StartAsync(folder);
        await using ServerUnderTest bare = await ServerUnderTest.StartVerbAsync(BareKestrel.Verb, "--folder", folder);
        await using Push push = new(new Uri(ours.Address, "ingest/bench/fan-out"), source);
        using HttpClient client = new();
        Uri playlist = await SourcePlaylist.FindAsync(client, ours.Address, "bench/fan-out");
        MediaSide[] sides = [new("ours", [ours.Id]), new("nginx, a file", nginx.ProcessIds), new("Kestrel, a byte[]", [bare.Id])];
        string file = "";
        int bytes = 0;
        for (int run = 0; run <= runs; run++)
        {
            await Console.Error.WriteLineAsync(run == 0 ? "Media, warm-up" : $"Media, run {run} of {runs}");
            Uri part = await SourcePlaylist.NewestPartAsync(client, playlist);
            byte[] content = await client.GetByteArrayAsync(part);
            file = string.Create(CultureInfo.InvariantCulture, $"part{run}.m4s");
            bytes = content.Length;
            await File.WriteAllBytesAsync(Path.Combine(folder, file), content);
            Uri[] urls = [part, new Uri(nginx.Address, file), new Uri(bare.Address, file)];
            foreach ((MediaSide side, Uri url) in sides.Zip(urls))
            {
                await side.MeasureAsync(url, run == 0 ? WarmUpSeconds : seconds);
            }

            if (run == 0)
            {
                Array.ForEach(sides, static side => side.Runs.Clear());
            }
        }

        await push.MustBeRunningAsync();
        return new MediaFigures(bytes, sides, await AllocatedBytes.OfOursAsync(source), await AllocatedBytes.OfBareAsync(bare.Address, file));
    }
}
