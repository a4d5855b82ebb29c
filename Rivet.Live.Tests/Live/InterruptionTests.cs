using System.Net;
using Rivet.Live.Configuration;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Live;

/// <summary>Publishers that vanish, come back, or are replaced; and those beside them, who must not notice.</summary>
[Collection(PatientTests.Name)]
public sealed class InterruptionTests(ITestOutputHelper output)
{
    private static readonly string[] Tracks = ["source", "240p", "audio"];

    [Fact]
    public async Task Broadcast_WhosePublisherWasKilled_EndsAfterTheGraceTimeAndTheOtherGoesOn()
    {
        using TemporaryFolder folder = new();
        await using LiveServerHost host = await StartAsync(reconnect: 2);
        await using FfmpegPublisher other = Publish(host, "live/other", seconds: 12);
        await using FfmpegPublisher killed = Publish(host, "live/killed", seconds: 60);
        MasterPlaylist killedMaster = await host.Player.MasterAsync("live/killed");
        MasterPlaylist otherMaster = await host.Player.MasterAsync("live/other");
        await host.Player.PlaylistAsync(killedMaster.PlaylistOf("240p"), static playlist => playlist.Segments.Count >= 1, "it has a segment");

        await killed.KillAsync();
        await host.UntilAsync("live/killed", "interrupted");
        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/healthz")).StatusCode);
        MediaPlaylist then = await host.Player.PlaylistAsync(otherMaster.PlaylistOf("240p"));
        await host.UntilAsync("live/killed", "ended");
        await RequireCompleteAsync(host, folder, killedMaster, "killed");

        Assert.False(other.HasExited, "The other publisher had finished before the killed one's grace time was over.");
        await host.Player.PlaylistAsync(
            otherMaster.PlaylistOf("240p"), now => now.NextMediaSequence > then.NextMediaSequence, "it goes on after the other's death");
        Assert.Equal(0, await other.WaitForExitAsync());
        IReadOnlyDictionary<string, int> frames = await RequireCompleteAsync(host, folder, otherMaster, "other");
        Assert.Equal(300, frames["source"]);
        Assert.Equal(300, frames["240p"]);
    }

    [Fact]
    public async Task Broadcast_CutOffInTheMiddleOfAFragment_KeepsAllFragmentsBefore()
    {
        using TemporaryFolder folder = new();
        byte[] body = await RecordedPush.FragmentedAsync(4);
        (string Type, int Offset, int Length)[] mdats = [.. RecordedPush.BoxesOf(body).Where(static box => box.Type == "mdat")];
        await using LiveServerHost host = await LiveServerHost.StartAsync(Settings(reconnect: 1) with { Ladder = new LadderSettings { Renditions = [] } }, output);
        using RawPush push = await RawPush.BeginAsync(host.Address, "/ingest/live/a");
        await push.SendAsync(body.AsMemory(0, mdats[^1].Offset + (mdats[^1].Length / 2)));
        await Patience.UntilAsync(
            async () => (await host.StatsAsync()).GetProperty("broadcasts").GetArrayLength() == 1
                && (await host.StatsAsync("live/a")).GetProperty("source").EnumerateArray().Any(track =>
                    track.GetProperty("fragmentsReceived").GetInt32() == mdats.Length - 1),
            "every whole fragment has been read");

        push.Break();
        await host.UntilAsync("live/a", "interrupted");
        await host.UntilAsync("live/a", "ended");

        MasterPlaylist master = await host.Player.MasterAsync("live/a");
        MediaPlaylist source = await host.Player.EndedAsync(master.PlaylistOf("source"));
        string path = folder.PathOf("source.mp4");
        await host.Player.DownloadAsync(source.Segments, path);
        await MediaFile.RequireCleanAsync(path);
        Assert.Equal((mdats.Length - 1) * 5, (await MediaFile.FramesAsync(path)).Count);
    }

    [Fact]
    public async Task Publisher_ThatComesBackFromZero_ContinuesThePlaylistsBehindOneDiscontinuity()
    {
        using TemporaryFolder folder = new();
        await using LiveServerHost host = await StartAsync(reconnect: 60);
        MasterPlaylist master;
        await using (FfmpegPublisher first = Publish(host, "live/a", seconds: 60))
        {
            master = await host.Player.MasterAsync("live/a");
            await host.Player.PlaylistAsync(master.PlaylistOf("240p"), static playlist => playlist.Segments.Count >= 2, "it has two segments");
            await first.KillAsync();
        }

        await host.UntilAsync("live/a", "interrupted");
        await RequireOpenAsync(host, master);
        foreach (string track in Tracks)
        {
            await host.Player.PlaylistAsync(
                master.PlaylistOf(track), static playlist => playlist.Text.Contains(",GAP=YES", StringComparison.Ordinal), "what is missing is told as a gap");
        }

        DateTimeOffset back = TimeProvider.System.GetUtcNow();
        await using FfmpegPublisher second = Publish(host, "live/a", seconds: 5);
        await host.UntilAsync("live/a", "live");
        await RequireOpenAsync(host, master);
        Assert.Equal(0, await second.WaitForExitAsync());
        DateTimeOffset over = TimeProvider.System.GetUtcNow();

        Assert.Equal(master.Playlists, (await host.Player.MasterAsync("live/a")).Playlists);
        await RequireCompleteAsync(host, folder, master, "a");
        long? discontinuity = null;
        foreach (string track in Tracks)
        {
            MediaPlaylist playlist = await host.Player.EndedAsync(master.PlaylistOf(track));
            int index = playlist.Segments.ToList().FindIndex(static segment => segment.IsDiscontinuity);
            Assert.Single(playlist.Segments, static segment => segment.IsDiscontinuity);
            // The hole is as long as the gaps in it, but for what tracks end earlier than others.
            ListedSegment gap = playlist.Segments.First(static segment => segment.IsGap);
            Assert.True(gap.MediaSequence < playlist.Segments[index].MediaSequence, playlist.Text);
            double hole = (playlist.Segments[index].WallClock - gap.WallClock).TotalSeconds;
            double told = playlist.Segments.Take(index).Where(segment => segment.MediaSequence >= gap.MediaSequence).Sum(static segment => segment.Seconds);
            Assert.InRange(told, hole - 0.5, hole + 0.5);
            Assert.Equal(discontinuity ??= playlist.Segments[index].MediaSequence, playlist.Segments[index].MediaSequence);
            Assert.Equal(Enumerable.Range(3, playlist.Segments.Count), playlist.Segments.Select(static segment => (int)segment.MediaSequence));

            // The wall clock of the new segment is the wall clock: after the publisher was started anew, a burst at its start aside.
            ListedSegment before = playlist.Segments[index - 1];
            Assert.InRange(playlist.Segments[index].WallClock, back.AddSeconds(-1), over);
            Assert.True(playlist.Segments[index].WallClock > before.WallClock.AddSeconds(before.Seconds - 0.002), playlist.Text);
        }
    }

    [Fact]
    public async Task Publisher_ThatTakesOver_EndsTheFirstAndContinuesThePlaylists()
    {
        using TemporaryFolder folder = new();
        await using LiveServerHost host = await StartAsync(reconnect: 60);
        await using FfmpegPublisher first = Publish(host, "live/a", seconds: 60);
        MasterPlaylist master = await host.Player.MasterAsync("live/a");
        await host.Player.PlaylistAsync(master.PlaylistOf("240p"), static playlist => playlist.Segments.Count >= 1, "it has a segment");

        await using FfmpegPublisher second = Publish(host, "live/a", seconds: 4, query: "?takeover=1");
        Assert.NotEqual(0, await first.WaitForExitAsync());
        Assert.Equal(0, await second.WaitForExitAsync());

        await RequireCompleteAsync(host, folder, master, "a");
        Assert.Single((await host.Player.EndedAsync(master.PlaylistOf("240p"))).Segments, static segment => segment.IsDiscontinuity);
    }

    [Fact]
    public async Task Publisher_SilentForTooLong_IsToldAndItsBroadcastInterrupted()
    {
        LiveSettings settings = Settings(reconnect: 60);
        await using LiveServerHost host = await LiveServerHost.StartAsync(
            settings with { Ingest = settings.Ingest with { Idle = TimeSpan.FromSeconds(1) } }, output);
        using RawPush push = await RawPush.BeginAsync(host.Address, "/ingest/live/a");
        await push.SendAsync(await RecordedPush.FragmentedAsync(1));
        RawAnswer answer = await push.ReadToEndAsync();

        Assert.Equal(408, answer.Status);
        Assert.Equal("idle", answer.Body.GetProperty("reason").GetString());
        await host.UntilAsync("live/a", "interrupted");
    }

    [Fact]
    public async Task Server_StoppedJustAfterItsPublisherVanished_EndsTheBroadcast()
    {
        await using LiveServerHost host = await StartAsync(reconnect: 60);
        await using (FfmpegPublisher publisher = Publish(host, "live/a", seconds: 60))
        {
            await host.Player.MasterAsync("live/a");
        }

        await host.StopAsync();

        Assert.DoesNotContain("were cut short", host.Log, StringComparison.Ordinal);
    }

    private static LiveSettings Settings(double reconnect) => LiveServerHost.Light("240p") with
    {
        Ingest = new IngestSettings { Reconnect = TimeSpan.FromSeconds(reconnect) },
    };

    private static async Task RequireOpenAsync(LiveServerHost host, MasterPlaylist master)
    {
        foreach (string track in Tracks)
        {
            MediaPlaylist playlist = await host.Player.PlaylistAsync(master.PlaylistOf(track));
            Assert.False(playlist.IsEnded, $"{track} was closed while its publisher may come back:\n{playlist.Text}");
        }
    }

    /// <summary>Every track has ended and decodes, each run between two discontinuities for itself. Returns the frames of each.</summary>
    private static async Task<IReadOnlyDictionary<string, int>> RequireCompleteAsync(
        LiveServerHost host, TemporaryFolder folder, MasterPlaylist master, string label)
    {
        Dictionary<string, int> frames = [];
        foreach (string track in Tracks)
        {
            MediaPlaylist playlist = await host.Player.EndedAsync(master.PlaylistOf(track));
            int run = 0;
            foreach (IGrouping<int, ListedSegment> segments in playlist.Segments.GroupBy(segment => segment.IsDiscontinuity ? ++run : run))
            {
                string path = folder.PathOf($"{label}-{track}-{segments.Key}.mp4");
                await host.Player.DownloadAsync([.. segments], path);
                await MediaFile.RequireCleanAsync(path);
                frames[track] = frames.GetValueOrDefault(track) + (await MediaFile.FramesAsync(path)).Count;
            }
        }

        return frames;
    }

    private Task<LiveServerHost> StartAsync(double reconnect) => LiveServerHost.StartAsync(Settings(reconnect), output);

    private FfmpegPublisher Publish(LiveServerHost host, string broadcast, double seconds, string query = "") => FfmpegPublisher.Start(
        $"{FfmpegPublisher.Programme("426x240", "25", seconds, gop: 25)} {FfmpegPublisher.ShortFragments} {host.IngestUrl(broadcast, query)}",
        output);
}
