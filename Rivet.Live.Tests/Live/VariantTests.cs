using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Live;

/// <summary>The main job: an ordinary push comes out as a ladder that an ordinary player can play.</summary>
[Collection(PatientTests.Name)]
public sealed class VariantTests(ITestOutputHelper output)
{
    [Fact]
    public async Task EveryVariant_Of720p30WithAac_DecodesWithoutAWarning()
    {
        using TemporaryFolder folder = new();
        await using LiveServerHost host = await LiveServerHost.StartAsync(LiveServerHost.Light("720p", "480p", "240p"), output);
        await using FfmpegPublisher publisher = FfmpegPublisher.Start(
            $"{FfmpegPublisher.Programme("1280x720", "30", 12, gop: 60)} {FfmpegPublisher.ShortFragments} {host.IngestUrl("live/a")}", output);
        MasterPlaylist master = await host.Player.MasterAsync("live/a");
        Assert.Equal(["240p", "480p", "720p", "source"], master.Names.Order());
        await host.Player.PlaylistAsync(master.Variants[0].Uri, static playlist => playlist.Segments.Count >= 2, "it has two segments");
        await PlayWhileLiveAsync(host, publisher);

        Assert.Equal(0, await publisher.WaitForExitAsync());
        foreach ((string name, Uri uri) in master.Variants)
        {
            IReadOnlyList<DecodedFrame> pictures = await DecodeAsync(host, folder, name, uri);
            Assert.Equal(360, pictures.Count);
        }

        Assert.NotNull(master.Audio);
        IReadOnlyList<DecodedFrame> audio = await DecodeAsync(host, folder, "audio", master.Audio);
        Assert.InRange(audio.Count, (11.9 * 48000 / 1024) - 1, 12.1 * 48000 / 1024);
    }

    /// <summary>A player that knows nothing of parts or of us.</summary>
    private static async Task PlayWhileLiveAsync(LiveServerHost host, FfmpegPublisher publisher)
    {
        ToolRun player = await ToolRun.RunAsync(
            "ffmpeg", "-v", "warning", "-i", $"{host.Address}hls/live/a/master.m3u8", "-map", "0:v:0", "-map", "0:a:0", "-t", "4", "-f", "null", "-");

        // ffmpeg takes the init of a live playlist in again after every reload, and says so; that is its own doing.
        string[] said = [.. player.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(static line => !line.EndsWith("Found duplicated MOOV Atom. Skipped it", StringComparison.Ordinal))];
        Assert.True(player.ExitCode == 0 && said.Length == 0, $"The player ended with {player.ExitCode} and said:\n{player.Errors}");
        Assert.False(publisher.HasExited, "The broadcast was over before the player was: nothing was played live.");
    }

    private static async Task<IReadOnlyList<DecodedFrame>> DecodeAsync(LiveServerHost host, TemporaryFolder folder, string name, Uri uri)
    {
        MediaPlaylist playlist = await host.Player.EndedAsync(uri);
        string path = folder.PathOf($"{name}.mp4");
        await host.Player.DownloadAsync(playlist.Segments, path);
        await MediaFile.RequireCleanAsync(path);
        Assert.InRange(playlist.Seconds, 10, 12.5);
        return await MediaFile.FramesAsync(path);
    }
}
