using System.Text.Json;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Live;

/// <summary>Broadcasts beside each other.</summary>
[Collection(LiveTests.Name)]
public sealed class ManyBroadcastsTests(ITestOutputHelper output)
{
    [Fact]
    public async Task TwoBroadcasts_AtOnce_AreBothCompleteAndInTheStats()
    {
        using TemporaryFolder folder = new();
        await using LiveServerHost host = await LiveServerHost.StartAsync(LiveServerHost.Light("360p", "240p"), output);
        string[] names = ["live/one", "studio/b/two"];
        FfmpegPublisher[] publishers = [.. names.Select(name => FfmpegPublisher.Start(
            $"{FfmpegPublisher.Programme("640x360", "25", 8, gop: 50)} {FfmpegPublisher.ShortFragments} {host.IngestUrl(name)}", output))];
        try
        {
            MasterPlaylist[] masters = await Task.WhenAll(names.Select(host.Player.MasterAsync));
            await Task.WhenAll(names.Select(name => host.UntilAsync(name, "live")));
            foreach (FfmpegPublisher publisher in publishers)
            {
                Assert.Equal(0, await publisher.WaitForExitAsync());
            }

            for (int index = 0; index < names.Length; index++)
            {
                Assert.Equal(["source", "360p", "240p"], masters[index].Names.OrderByDescending(static name => name));
                await RequireCompleteAsync(host, folder, masters[index]);
                await host.UntilAsync(names[index], "ended");
            }

            RequireInStats(await host.StatsAsync(), names);
        }
        finally
        {
            foreach (FfmpegPublisher publisher in publishers)
            {
                await publisher.DisposeAsync();
            }
        }
    }

    private static async Task RequireCompleteAsync(LiveServerHost host, TemporaryFolder folder, MasterPlaylist master)
    {
        string path = folder.PathOf("track.mp4");
        foreach (Uri uri in master.Playlists)
        {
            await host.Player.DownloadAsync((await host.Player.EndedAsync(uri)).Segments, path);
            await MediaFile.RequireCleanAsync(path);
            int frames = (await MediaFile.FramesAsync(path)).Count;
            Assert.True(uri == master.Audio ? frames is >= 374 and <= 377 : frames == 200, $"{uri} has {frames} frames.");
        }
    }

    private static void RequireInStats(JsonElement stats, string[] names)
    {
        JsonElement[] broadcasts = [.. stats.GetProperty("broadcasts").EnumerateArray()];
        Assert.Equal(names, broadcasts.Select(static broadcast => broadcast.GetProperty("broadcast").GetString()));
        foreach (JsonElement broadcast in broadcasts)
        {
            JsonElement[] renditions = [.. broadcast.GetProperty("renditions").EnumerateArray()];
            Assert.Equal(["360p", "240p"], renditions.Select(static rendition => rendition.GetProperty("rendition").GetString()));
            Assert.All(renditions, static rendition =>
            {
                Assert.Equal(200, rendition.GetProperty("framesEncoded").GetInt32());
                Assert.Equal(0, rendition.GetProperty("framesDropped").GetInt32());
                Assert.Equal(0, rendition.GetProperty("panics").GetInt32());
            });
        }
    }
}
