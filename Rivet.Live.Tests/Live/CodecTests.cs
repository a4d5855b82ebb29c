using Rivet.Live.Configuration;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Live;

/// <summary>Ladders of HEVC and AV1: what H.264's promise of pictures, keyframes and segments, and said of what is really sent.</summary>
[Collection(LiveTests.Name)]
public sealed class CodecTests(ITestOutputHelper output)
{
    private const int Width = 640;
    private const int Height = 360;
    private const int Count = 120;
    private const string Hdr = "-pix_fmt yuv420p10le -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc";

    [Theory]
    [InlineData("hevc", "-pix_fmt yuv420p", "hvc1.1.6.L", "SDR", "yuv420p")]
    [InlineData("hevc", Hdr, "hvc1.2.4.L", "PQ", "yuv420p10le")]
    [InlineData("av1", "-pix_fmt yuv420p", "av01.0.0", "SDR", "yuv420p")]
    [InlineData("av1", Hdr, "av01.0.0", "PQ", "yuv420p10le")]
    public async Task Ladder_OfACodec_HasEveryPictureOnceAndSegmentsThatDecodeAlone(string codec, string encoding, string codecs, string range, string format)
    {
        Assert.True(KebabWords<RenditionCodec>.TryParse(codec, out RenditionCodec renditionCodec));
        using TemporaryFolder folder = new();
        await using LiveServerHost host = await LiveServerHost.StartAsync(LiveServerHost.LightOf(renditionCodec, "360p", "240p"), output);
        string sent = folder.PathOf("sent.mp4");
        await using FfmpegPublisher publisher = Publish(host, sent, encoding);
        MasterPlaylist master = await host.Player.MasterAsync("live/a");
        Assert.Equal(0, await publisher.WaitForExitAsync());
        IReadOnlyList<DecodedFrame> truth = await MediaFile.FramesAsync(sent);
        Assert.Equal(Enumerable.Range(0, Count), await IndexPattern.ReadAsync(sent));
        foreach (string name in (string[])["360p", "240p"])
        {
            MediaPlaylist playlist = await host.Player.EndedAsync(master.PlaylistOf(name));
            ListedSegment[] segments = [.. playlist.Segments.Where(static segment => !segment.IsGap)];
            string received = folder.PathOf($"{name}.mp4");
            await host.Player.DownloadAsync(segments, received);

            Assert.Equal(Enumerable.Range(0, Count), await IndexPattern.ReadAsync(received));
            IReadOnlyList<DecodedFrame> pictures = await MediaFile.FramesAsync(received);
            Assert.Equal(truth.Select(static picture => picture.Time), pictures.Select(static picture => picture.Time));

            // Keyframes where the source has them, and nowhere else.
            Assert.Equal(
                truth.Where(static picture => picture.IsKey).Select(static picture => picture.Time),
                pictures.Where(static picture => picture.IsKey).Select(static picture => picture.Time));
            Assert.Equal(format, (await ProbeAsync(received, "pix_fmt")).Trim());
            foreach (ListedSegment segment in segments)
            {
                string path = folder.PathOf($"{name}-{segment.MediaSequence}.mp4");
                await host.Player.DownloadAsync([segment], path);
                await MediaFile.RequireCleanAsync(path);
            }

            string variant = Assert.Single(
                master.Text.Split('\n'),
                line => line.StartsWith("#EXT-X-STREAM-INF:", StringComparison.Ordinal) && line.Contains($"STABLE-VARIANT-ID=\"{name}\"", StringComparison.Ordinal));
            Assert.Contains($"CODECS=\"{codecs}", variant, StringComparison.Ordinal);
            Assert.Contains($"VIDEO-RANGE={range}", variant, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Ladder_OfThreeCodecs_FromTenBits_KeepsThemWhereTheCodecDoes()
    {
        using TemporaryFolder folder = new();
        LiveSettings settings = LiveServerHost.Light() with
        {
            Ladder = new LadderSettings
            {
                Renditions =
                [
                    new RenditionSettings("360p", 360, 800_000, MaxFrameRate: null, RenditionCodec.H264),
                    new RenditionSettings("300p", 300, 600_000, MaxFrameRate: null, RenditionCodec.Hevc),
                    new RenditionSettings("240p", 240, 400_000, MaxFrameRate: null, RenditionCodec.H264),
                    new RenditionSettings("180p", 180, 300_000, MaxFrameRate: null, RenditionCodec.Av1),
                ],
            },
        };
        await using LiveServerHost host = await LiveServerHost.StartAsync(settings, output);
        await using FfmpegPublisher publisher = Publish(host, folder.PathOf("sent.mp4"), Hdr);
        MasterPlaylist master = await host.Player.MasterAsync("live/a");
        Assert.Equal(0, await publisher.WaitForExitAsync());

        (string Name, string Format)[] expected = [("360p", "yuv420p"), ("300p", "yuv420p10le"), ("240p", "yuv420p"), ("180p", "yuv420p10le")];
        foreach ((string name, string format) in expected)
        {
            MediaPlaylist playlist = await host.Player.EndedAsync(master.PlaylistOf(name));
            string received = folder.PathOf($"{name}.mp4");
            await host.Player.DownloadAsync([.. playlist.Segments.Where(static segment => !segment.IsGap)], received);

            Assert.Equal(Enumerable.Range(0, Count), await IndexPattern.ReadAsync(received));
            Assert.Equal(format, (await ProbeAsync(received, "pix_fmt")).Trim());
            await MediaFile.RequireCleanAsync(received);
        }
    }

    private static async Task<string> ProbeAsync(string path, string entry) =>
        (await ToolRun.RequireAsync("ffprobe", "-v", "error", "-show_entries", $"stream={entry}", "-of", "csv=p=0", path)).Text;

    /// <summary>A keyframe every two seconds.</summary>
    private FfmpegPublisher Publish(LiveServerHost host, string copy, string encoding) =>
        new NumberedPublisher(Width, Height, "30", Count, $"-g 60 -bf 0 {encoding}").Start(host.IngestUrl("live/a"), copy, output);
}
