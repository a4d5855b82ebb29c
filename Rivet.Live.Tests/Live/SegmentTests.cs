using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Live;

/// <summary>Every segment stands alone: with its init, ffmpeg's strictest reader has nothing to say about it.</summary>
[Collection(LiveTests.Name)]
public sealed class SegmentTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Segment_OfEveryPlaylist_DecodesAloneWithoutAWord()
    {
        using TemporaryFolder folder = new();
        await using LiveServerHost host = await LiveServerHost.StartAsync(LiveServerHost.Light("360p", "240p"), output);
        await using FfmpegPublisher publisher = FfmpegPublisher.Start(
            $"{FfmpegPublisher.Programme("640x360", "30000/1001", 7, gop: 60)} {FfmpegPublisher.ShortFragments} {host.IngestUrl("live/a")}", output);
        MasterPlaylist master = await host.Player.MasterAsync("live/a");
        Assert.Equal(0, await publisher.WaitForExitAsync());
        foreach (Uri uri in master.Playlists)
        {
            ListedSegment[] segments = [.. (await host.Player.EndedAsync(uri)).Segments.Where(static segment => !segment.IsGap)];
            Assert.InRange(segments.Length, 3, 5);
            foreach (ListedSegment segment in segments)
            {
                string path = folder.PathOf($"{uri.Segments[^2].TrimEnd('/')}-{segment.MediaSequence}.mp4");
                await host.Player.DownloadAsync([segment], path);
                await MediaFile.RequireCleanAsync(path);
            }
        }
    }
}
