using System.Globalization;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Live;

/// <summary>Every picture of the source comes out of every rendition once, in order, at the source's time to the tick.</summary>
[Collection(LiveTests.Name)]
public sealed class FidelityTests(ITestOutputHelper output)
{
    private const int Width = 640;

    private const int Height = 360;

    /// <summary>Steps of 20 to 47 ms, and a hole of 200 ms after every fortieth picture.</summary>
    private const string Irregular = "-vf settb=1/90000,setpts=N*3000+300*mod(N*7\\,5)+18000*floor(N/40) -enc_time_base 1:90000 -video_track_timescale 90000";

    [Theory]
    [InlineData("30", 210, "-bf 0")]
    [InlineData("30", 210, "-bf 2")]
    [InlineData("30000/1001", 180, "-bf 0")]
    [InlineData("50", 300, "-bf 2")]
    [InlineData("30", 180, "-bf 0 " + Irregular)]
    [InlineData("30", 180, "-bf 2 " + Irregular)]
    public async Task Pictures_OfANumberedSource_ComeOutOfEveryRenditionOnceAndOnTime(string rate, int count, string encoding)
    {
        using TemporaryFolder folder = new();
        await using LiveServerHost host = await LiveServerHost.StartAsync(LiveServerHost.Light("360p", "240p"), output);
        string sent = folder.PathOf("sent.mp4");
        await using FfmpegPublisher publisher = Publish(host, sent, rate, count, encoding);
        MasterPlaylist master = await host.Player.MasterAsync("live/a");
        Assert.Equal(0, await publisher.WaitForExitAsync());

        // What left the publisher, byte for byte what the server was sent, is the truth.
        IReadOnlyList<DecodedFrame> truth = await MediaFile.FramesAsync(sent);
        Assert.Equal(Enumerable.Range(0, count), await IndexPattern.ReadAsync(sent));
        Assert.Equal(count, truth.Select(static picture => picture.Time).Distinct().Count());
        foreach (string name in (string[])["source", "360p", "240p"])
        {
            MediaPlaylist playlist = await host.Player.EndedAsync(master.PlaylistOf(name));
            string received = folder.PathOf($"{name}.mp4");
            await host.Player.DownloadAsync(playlist.Segments, received);

            Assert.Equal(await MediaFile.TimescaleAsync(sent), await MediaFile.TimescaleAsync(received));
            Assert.Equal(Enumerable.Range(0, count), await IndexPattern.ReadAsync(received));
            IReadOnlyList<DecodedFrame> pictures = await MediaFile.FramesAsync(received);
            Assert.Equal(truth.Select(static picture => picture.Time), pictures.Select(static picture => picture.Time));
        }
    }

    /// <summary>Publishes the numbered pictures in real time, and keeps a copy of what is sent.</summary>
    private FfmpegPublisher Publish(LiveServerHost host, string copy, string rate, int count, string encoding)
    {
        const string movflags = "movflags=+frag_keyframe+empty_moov+default_base_moof:frag_duration=300000";
        return FfmpegPublisher.Start(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                -re -f rawvideo -pix_fmt gray -video_size {Width}x{Height} -framerate {rate} -i pipe:0 -fps_mode passthrough
                -c:v libx264 -preset ultrafast -flags +global_header -pix_fmt yuv420p -g 50 -sc_threshold 0 -threads 1 {encoding} -map 0:v
                -f tee [f=mp4:{movflags}]{host.IngestUrl("live/a").Replace(":", "\\:", StringComparison.Ordinal)}|[f=mp4:{movflags}]{copy}
                """).Replace('\n', ' '),
            output,
            input => IndexPattern.WriteAsync(input, count, Width, Height));
    }
}
