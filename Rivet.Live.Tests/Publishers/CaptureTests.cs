using Rivet.Live.Tests.Live;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Publishers;

/// <summary>What real encoders send (<c>tools/publishers capture</c> makes the captures) ends in a ladder that has every picture once.</summary>
[Collection(LiveTests.Name)]
public sealed class CaptureTests(ReplayServer server, ITestOutputHelper output) : IClassFixture<ReplayServer>
{
    private const int Pictures = 75;

    private const int AsCaptured = int.MaxValue;

    private static readonly string[] Tracks = ["source", "54p"];

    [Theory]
    [InlineData("ffmpeg-post", AsCaptured)]
    [InlineData("ffmpeg-post", 61)]
    [InlineData("ffmpeg-put-cmaf", 1009)]
    [InlineData("ffmpeg-streams", AsCaptured)]
    [InlineData("ffmpeg-streams", 97)]
    [InlineData("ffmpeg-dash", AsCaptured)]
    [InlineData("ffmpeg-dash", 61)]
    [InlineData("ffmpeg-dash-streaming", AsCaptured)]
    [InlineData("ffmpeg-dash-streaming", 1009)]
    [InlineData("ffmpeg-hls", AsCaptured)]
    [InlineData("ffmpeg-hls", 97)]
    [InlineData("gst-soup", AsCaptured)]
    [InlineData("gst-curl", 61)]
    [InlineData("gst-curl-pieces", AsCaptured)]
    public async Task Capture_SentAgain_EndsInALadderWithEveryPictureOnce(string name, int pieceBytes)
    {
        string broadcast = $"live/{name}-{pieceBytes}";

        IReadOnlyDictionary<string, IReadOnlyList<int>> seen = await ReplayAsync(Capture.Read(name), broadcast, pieceBytes, isIrregular: false);

        Assert.All(Tracks, track => Assert.Equal(Enumerable.Range(0, Pictures), seen[track]));
        output.WriteLine(await PublisherTable.RequireAsync(name, "plays: every picture once, in `source` and in the ladder, with sound"));
    }

    /// <summary>A browser takes pictures from its canvas when it has time: numbers may be missing and come twice, in every track alike.</summary>
    [Fact]
    public async Task Capture_OfABrowser_EndsInALadderOfItsPictures()
    {
        IReadOnlyDictionary<string, IReadOnlyList<int>> seen = await ReplayAsync(Capture.Read("mediarecorder"), "live/mediarecorder", AsCaptured, isIrregular: true);

        Assert.InRange(seen["source"].Distinct().Count(), Pictures / 2, Pictures + 10);
        Assert.Equal(seen["source"].Order(), seen["source"]);
        Assert.Equal(seen["source"], seen["54p"]);
        output.WriteLine(await PublisherTable.RequireAsync("mediarecorder", "plays: the pictures that the browser took, the same in `source` and in the ladder, with sound"));
    }

    /// <summary>OBS shows what it plays when it composes its picture: numbers may be missing and come twice, in every track alike.</summary>
    [Fact]
    public async Task Capture_OfObs_EndsInALadderOfItsPictures()
    {
        IReadOnlyDictionary<string, IReadOnlyList<int>> seen = await ReplayAsync(Capture.Read("obs"), "live/obs", AsCaptured, isIrregular: false);

        Assert.InRange(seen["source"].Distinct().Count(), Pictures / 2, Pictures + 10);
        Assert.Equal(seen["source"].Order(), seen["source"]);
        Assert.Equal(seen["source"], seen["54p"]);
        output.WriteLine(await PublisherTable.RequireAsync("obs", "plays: the pictures that OBS took, the same in `source` and in the ladder, with sound"));
    }

    /// <summary>A browser that is starved of processor time guesses wrong how long the last picture of a fragment lasts.</summary>
    [Fact]
    public async Task Capture_WhoseFragmentsOverlap_EndsInALadderWithEveryPictureOnce()
    {
        Capture starved = Capture.Read("mediarecorder");
        starved.MoveBack(trackId: 1, ticks: 3000);

        IReadOnlyDictionary<string, IReadOnlyList<int>> seen = await ReplayAsync(starved, "live/starved", AsCaptured, isIrregular: true);

        Assert.Equal(Pictures, seen["source"].Count);
        Assert.Equal(seen["source"].Order(), seen["source"]);
        Assert.Equal(seen["source"], seen["54p"]);
    }

    private async Task<IReadOnlyDictionary<string, IReadOnlyList<int>>> ReplayAsync(Capture capture, string broadcast, int pieceBytes, bool isIrregular)
    {
        using TemporaryFolder folder = new();
        try
        {
            await capture.ReplayAsync(server.Host, broadcast, pieceBytes);
            MasterPlaylist master = await server.Host.Player.MasterAsync(broadcast);
            Assert.NotNull(master.Audio);
            Dictionary<string, IReadOnlyList<int>> seen = [];
            foreach (string track in Tracks)
            {
                seen[track] = await IndexPattern.ReadAsync(await DownloadAsync(master.PlaylistOf(track), folder.PathOf($"{track}.mp4")));
            }

            foreach (string track in Tracks)
            {
                string path = folder.PathOf($"{track}.mp4");
                if (isIrregular)
                {
                    // Pictures at irregular times make ffmpeg's own output stumble.
                    long[] times = [.. (await MediaFile.FramesAsync(path)).Select(static frame => frame.Time)];
                    Assert.Equal(times.Distinct().Order(), times);
                }
                else
                {
                    await MediaFile.RequireCleanAsync(path);
                }
            }

            string sound = await DownloadAsync(master.Audio, folder.PathOf("audio.mp4"));
            Assert.InRange((await MediaFile.FramesAsync(sound)).Count, 40, 160);
            return seen;
        }
        finally
        {
            output.WriteLine(server.Host.Log);
        }
    }

    private async Task<string> DownloadAsync(Uri playlist, string path)
    {
        MediaPlaylist ended = await server.Host.Player.EndedAsync(playlist);
        ListedSegment[] media = [.. ended.Segments.Where(static segment => !segment.IsGap)];
        Assert.DoesNotContain(media, static segment => segment.IsDiscontinuity);
        await server.Host.Player.DownloadAsync(media, path);
        return path;
    }
}
