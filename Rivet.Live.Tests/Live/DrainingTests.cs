using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Live;

/// <summary>SIGTERM in the middle of a broadcast, met by a publisher and by viewers.</summary>
[Collection(PatientTests.Name)]
public sealed class DrainingTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("in-process")]
    [InlineData("process")]
    public async Task Server_ToldToStopDuringABroadcast_ClosesPlaylistsForThoseWhoWaitAndEndsWith0(string isolation)
    {
        await using ServerProcess server = ServerProcess.Start(
            ["--urls", "http://127.0.0.1:0", "--Ladder:Renditions=240p", "--Encoding:Tier=draft", $"--Encoding:Isolation={isolation}"]);
        Uri address = await server.WaitUntilReadyAsync();
        using HttpClient http = new() { BaseAddress = address };
        HlsClient player = new(http);
        await using FfmpegPublisher publisher = FfmpegPublisher.Start(
            $"{FfmpegPublisher.Programme("426x240", "25", 60, gop: 50)} {FfmpegPublisher.ShortFragments} {address}ingest/live/a", output);
        MasterPlaylist master = await player.MasterAsync("live/a");
        await player.PlaylistAsync(master.Variants[0].Uri, static playlist => playlist.Segments.Count >= 1, "it has a segment");

        // These wait for the next part, again and again, when the signal comes.
        Task<MediaPlaylist>[] viewers = [.. master.Playlists.Select(player.EndedAsync)];
        await server.SendTerminateAsync();

        MediaPlaylist[] closed = await Task.WhenAll(viewers);
        Assert.All(closed, static playlist => Assert.True(playlist.IsEnded, playlist.Text));
        int exitCode = await server.WaitForExitAsync();
        output.WriteLine(server.Errors);
        Assert.Equal(0, exitCode);
        Assert.NotEqual(0, await publisher.WaitForExitAsync());
        Assert.DoesNotContain("were cut short", server.Errors, StringComparison.Ordinal);
    }
}
