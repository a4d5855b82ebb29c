using System.Net;
using System.Text.Json;
using Rivet.Live.Configuration;
using Rivet.Live.Tests.Demuxing;
using Rivet.Live.Tests.Stats;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Live;

/// <summary>Recordings as their owner meets them: files in a folder, read by ffmpeg while they grow, when they are finished, and after a crash.</summary>
[Collection(PatientTests.Name)]
public sealed class RecordingTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("30", 150, "-bf 0")]
    [InlineData("30000/1001", 150, "-bf 2")]
    public async Task Recordings_OfANumberedSource_HaveEveryPictureOnceOnTimeAndSoundInSync(string rate, int count, string encoding)
    {
        using TemporaryFolder folder = new();
        string sent = folder.PathOf("sent.mp4");
        JsonElement recordings;
        await using (LiveServerHost host = await StartAsync(folder, "240p"))
        {
            await using FfmpegPublisher publisher = PublishNumbers(host, sent, rate, count, encoding);
            Assert.Equal(0, await publisher.WaitForExitAsync());
            recordings = await FinishedAsync(host, "live/a", files: 2);
        }

        Assert.Equal(["240p", "source"], recordings.EnumerateArray().Select(static file => file.GetProperty("rendition").GetString()).Order());
        List<ProbedPacket> sentPictures = FfmpegTool.Packets(sent, "-select_streams", "v");
        List<ProbedPacket> sentSound = FfmpegTool.Packets(sent, "-select_streams", "a");
        foreach (JsonElement recording in recordings.EnumerateArray())
        {
            string path = PathOf(folder, recording);
            await RequireIndexedAsync(path);
            Assert.Equal(0, recording.GetProperty("gaps").GetInt32());
            Assert.Equal(Enumerable.Range(0, count), await IndexPattern.ReadAsync(path));

            // Times are the publisher's, counted from the first picture: to the tick, in both tracks.
            List<ProbedPacket> pictures = FfmpegTool.Packets(path, "-select_streams", "v");
            long first = sentPictures.Min(static picture => picture.Pts);
            Assert.Equal(sentPictures.Select(picture => picture.Pts - first).Order(), pictures.Select(static picture => picture.Pts).Order());
            Assert.True(pictures[0].IsKey);
            if (recording.GetProperty("rendition").GetString() == "source")
            {
                Assert.Equal(sentPictures.Select(static picture => (picture.Size, picture.IsKey)), pictures.Select(static picture => (picture.Size, picture.IsKey)));
            }

            List<ProbedPacket> sound = FfmpegTool.Packets(path, "-select_streams", "a");
            long scale = await MediaFile.TimescaleAsync(sent, "v");
            long zero = first * 48000 / scale;
            Assert.Equal(
                sentSound.Where(block => block.Pts * scale >= first * 48000).Take(sound.Count).Select(block => block.Pts - zero),
                sound.Select(static block => block.Pts));
            double seconds = recording.GetProperty("seconds").GetDouble();
            Assert.InRange(sound[^1].Pts / 48000.0, seconds - 0.06, seconds);
        }
    }

    [Fact]
    public async Task Recordings_WhileTheyGrow_ArePlayed()
    {
        using TemporaryFolder folder = new();
        await using LiveServerHost host = await StartAsync(folder, "240p");
        await using FfmpegPublisher publisher = FfmpegPublisher.Start(
            $"{FfmpegPublisher.Programme("426x240", "25", 60, gop: 50)} {FfmpegPublisher.ShortFragments} {host.IngestUrl("live/a", "?record=1")}", output);
        JsonElement recordings = await RecordingsAsync(host, "live/a", files: 2, static file => file.GetProperty("seconds").GetDouble() > 3);
        foreach (JsonElement recording in recordings.EnumerateArray())
        {
            string path = PathOf(folder, recording);
            Assert.Equal("growing", recording.GetProperty("state").GetString());
            int pictures = (await MediaFile.FramesAsync(path, "v")).Count;
            Assert.True(pictures >= 75, $"{pictures} pictures can be played");
            Assert.True((await MediaFile.FramesAsync(path, "a")).Count >= 120);
            await Patience.UntilAsync(async () => (await MediaFile.FramesAsync(path, "v")).Count > pictures + 25, "it grows");
        }
    }

    [Fact]
    public async Task Recording_AcrossAReconnect_IsOneFileWithAGapOfTheRightLength()
    {
        using TemporaryFolder folder = new();
        await using LiveServerHost host = await StartAsync(folder, "240p");
        MasterPlaylist master;
        await using (FfmpegPublisher first = Publish(host, seconds: 60, "?record=1"))
        {
            master = await host.Player.MasterAsync("live/a");
            await host.Player.PlaylistAsync(master.PlaylistOf("240p"), static playlist => playlist.Segments.Count >= 2, "it has two segments");
            await first.KillAsync();
        }

        await host.UntilAsync("live/a", "interrupted");
        await using FfmpegPublisher second = Publish(host, seconds: 4, query: "");
        Assert.Equal(0, await second.WaitForExitAsync());
        JsonElement recordings = await FinishedAsync(host, "live/a", files: 2);
        FieldsSeen seen = new();
        seen.LookAtBroadcast(await host.StatsAsync("live/a"));
        Assert.Empty(seen.Untold(FieldsOf.Recordings));

        foreach (JsonElement recording in recordings.EnumerateArray())
        {
            // What players were given, and where it lies on the timeline, is what was recorded.
            MediaPlaylist playlist = await host.Player.EndedAsync(master.PlaylistOf(recording.GetProperty("rendition").GetString()!));
            string played = folder.PathOf("played.mp4");
            await host.Player.DownloadAsync([.. playlist.Segments.Where(static segment => !segment.IsGap)], played);
            long[] times = [.. FfmpegTool.Packets(played).Select(static packet => packet.Pts)];
            string path = PathOf(folder, recording);
            await RequireIndexedAsync(path);
            long[] recorded = [.. FfmpegTool.Packets(path, "-select_streams", "v").Select(static packet => packet.Pts)];

            // Players lose pictures at the edges of a gap, a recording does not.
            Assert.Subset(recorded.ToHashSet(), times.Select(time => time - times[0]).ToHashSet());
            double hole = recorded.Zip(recorded.Skip(1), static (before, after) => after - before).Max() / (double)await MediaFile.TimescaleAsync(path, "v");
            Assert.InRange(recording.GetProperty("gapSeconds").GetDouble(), hole, (2 * hole) + 1);
            Assert.InRange(recording.GetProperty("gaps").GetInt32(), 1, 4);
        }
    }

    [Fact]
    public async Task Broadcast_OfSoundAlone_IsRecordedAsSound()
    {
        using TemporaryFolder folder = new();
        await using LiveServerHost host = await StartAsync(folder);
        await using FfmpegPublisher publisher = FfmpegPublisher.Start(
            $"-re -f lavfi -i sine=frequency=440:sample_rate=48000 -t 4 -c:a aac {FfmpegPublisher.ShortFragments} {host.IngestUrl("live/a", "?record=1")}", output);
        Assert.Equal(0, await publisher.WaitForExitAsync());

        JsonElement recording = Assert.Single((await FinishedAsync(host, "live/a", files: 1)).EnumerateArray());

        Assert.EndsWith("/audio.mp4", recording.GetProperty("file").GetString(), StringComparison.Ordinal);
        await RequireIndexedAsync(PathOf(folder, recording));
        Assert.InRange(recording.GetProperty("seconds").GetDouble(), 3.9, 4.1);
    }

    [Fact]
    public async Task Publisher_ThatDoesNotAsk_IsNotRecorded()
    {
        using TemporaryFolder folder = new();
        await using LiveServerHost host = await StartAsync(folder);
        await using FfmpegPublisher publisher = Publish(host, seconds: 2, query: "");
        Assert.Equal(0, await publisher.WaitForExitAsync());
        await host.UntilAsync("live/a", "ended");

        Assert.False((await host.StatsAsync("live/a")).TryGetProperty("recordings", out _));
        Assert.False(Directory.Exists(folder.PathOf("recordings")));
    }

    [Fact]
    public async Task Publisher_ThatAsksWhereNothingIsRecorded_IsRefused()
    {
        await using LiveServerHost host = await LiveServerHost.StartAsync(LiveServerHost.Light(), output);
        using HttpResponseMessage answer = await host.Client.PutAsync(new Uri(host.Address, "/ingest/live/a?record=1"), new ByteArrayContent([]));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("\"reason\":\"recording-off\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_ThatIsKilled_LeavesFilesThatPlayAndTheNextOneFinishesThem()
    {
        using TemporaryFolder folder = new();
        string root = folder.PathOf("recordings");
        string[] arguments = ["--urls=http://127.0.0.1:0", $"--Recording:Directory={root}", "--Ladder:Renditions=240p", "--Encoding:Tier=draft"];
        await using (ServerProcess server = ServerProcess.Start(arguments))
        {
            Uri address = await server.WaitUntilReadyAsync();
            await using FfmpegPublisher publisher = FfmpegPublisher.Start(
                $"{FfmpegPublisher.Programme("426x240", "25", 60, gop: 50)} {FfmpegPublisher.ShortFragments} {address}ingest/live/a?record=1", output);
            await Patience.UntilAsync(
                async () => Files(root) is { Length: 2 } files && (await Task.WhenAll(files.Select(static file => MediaFile.FramesAsync(file, "v")))).All(static frames => frames.Count > 75),
                "two files have three seconds");
        }

        Dictionary<string, int> pictures = [];
        foreach (string path in Files(root))
        {
            pictures[path] = (await MediaFile.FramesAsync(path, "v")).Count;
            Assert.True((await MediaFile.FramesAsync(path, "a")).Count > 100);
        }

        await using ServerProcess next = ServerProcess.Start(arguments);
        await next.WaitUntilReadyAsync();
        await Patience.UntilAsync(() => Task.FromResult(Directory.GetFiles(root, ".rivet-recording", SearchOption.AllDirectories).Length == 0), "they are finished");
        foreach (string path in Files(root))
        {
            await RequireIndexedAsync(path);
            Assert.Equal(pictures[path], (await MediaFile.FramesAsync(path, "v")).Count);
        }
    }

    [Fact]
    public async Task Server_ThatIsStopped_FinishesWhatItRecords()
    {
        using TemporaryFolder folder = new();
        string root = folder.PathOf("recordings");
        await using ServerProcess server = ServerProcess.Start(["--urls=http://127.0.0.1:0", $"--Recording:Directory={root}", "--Ladder:Renditions=240p", "--Encoding:Tier=draft"]);
        Uri address = await server.WaitUntilReadyAsync();
        await using FfmpegPublisher publisher = FfmpegPublisher.Start(
            $"{FfmpegPublisher.Programme("426x240", "25", 60, gop: 50)} {FfmpegPublisher.ShortFragments} {address}ingest/live/a?record=1", output);
        await Patience.UntilAsync(() => Task.FromResult(Files(root) is { Length: 2 } files && files.All(static file => new FileInfo(file).Length > 50_000)), "two files grow");

        await server.SendTerminateAsync();

        Assert.Equal(0, await server.WaitForExitAsync());
        Assert.Equal(2, Files(root).Length);
        foreach (string path in Files(root))
        {
            await RequireIndexedAsync(path);
        }
    }

    [Fact]
    public async Task Disk_ThatIsFull_EndsTheFilesWhereItWasFullAndLivePlaybackGoesOn()
    {
        using TemporaryFolder folder = new();
        string root = folder.PathOf("recordings");
        // The system refuses what makes a file longer than half a megabyte, as a full disk does.
        await using ServerProcess server = ServerProcess.Start(
            ["--urls=http://127.0.0.1:0", $"--Recording:Directory={root}", "--Ladder:Renditions="],
            new Dictionary<string, string> { ["DOTNET_EnableWriteXorExecute"] = "0" },
            before: "trap '' XFSZ; ulimit -f 1024");
        Uri address = await server.WaitUntilReadyAsync();
        using HttpClient client = new() { BaseAddress = address };
        await using FfmpegPublisher publisher = FfmpegPublisher.Start(
            $"{FfmpegPublisher.Programme("640x360", "25", 60, gop: 25, "-b:v 2M -maxrate 2M -bufsize 1M")} {FfmpegPublisher.ShortFragments} {address}ingest/live/a?record=1", output);
        await Patience.UntilAsync(() => Task.FromResult(server.Errors.Contains("What cannot be written is missing", StringComparison.Ordinal)), "the trouble is told");

        HlsClient player = new(client);
        MasterPlaylist master = await player.MasterAsync("live/a");
        MediaPlaylist then = await player.PlaylistAsync(master.PlaylistOf("source"));
        await player.PlaylistAsync(master.PlaylistOf("source"), now => now.NextMediaSequence >= then.NextMediaSequence + 2, "it goes on");

        string path = Assert.Single(Files(root));
        Assert.InRange(new FileInfo(path).Length, 100_000, 512 * 1024);
        await MediaFile.RequireCleanAsync(path);
        Assert.True((await MediaFile.FramesAsync(path, "v")).Count >= 25);
        Assert.Single(server.Errors.Split('\n'), static line => line.Contains("What cannot be written is missing", StringComparison.Ordinal));
    }

    private static string[] Files(string root) => Directory.Exists(root) ? [.. Directory.GetFiles(root, "*.mp4", SearchOption.AllDirectories).Order()] : [];

    private static string PathOf(TemporaryFolder folder, JsonElement recording) =>
        Path.Combine(folder.PathOf("recordings"), recording.GetProperty("file").GetString()!);

    /// <summary>A plain file with its tables in front of all media, in which ffmpeg finds nothing wrong.</summary>
    private static async Task RequireIndexedAsync(string path)
    {
        ToolRun run = await ToolRun.RequireAsync("ffprobe", "-v", "trace", "-i", path);
        string[] boxes = [.. run.Errors.Split('\n').Where(static line => line.Contains("parent:'root'", StringComparison.Ordinal)).Select(static line => line.Split("type:'")[1][..4])];
        Assert.Equal(["ftyp", "moov", "mdat"], boxes.Take(3));
        Assert.DoesNotContain("moof", boxes);
        await MediaFile.RequireCleanAsync(path);
    }

    private static async Task<JsonElement> RecordingsAsync(LiveServerHost host, string broadcast, int files, Func<JsonElement, bool> condition)
    {
        JsonElement recordings = default;
        await Patience.UntilAsync(
            async () => (await host.Client.GetAsync($"/stats/{broadcast}")).IsSuccessStatusCode
                && (await host.StatsAsync(broadcast)).TryGetProperty("recordings", out recordings)
                && recordings.GetArrayLength() == files
                && recordings.EnumerateArray().All(condition),
            $"{files} recordings of '{broadcast}' are as they should be");
        return recordings;
    }

    private static Task<JsonElement> FinishedAsync(LiveServerHost host, string broadcast, int files) =>
        RecordingsAsync(host, broadcast, files, static file => file.GetProperty("state").GetString() == "finished");

    private Task<LiveServerHost> StartAsync(TemporaryFolder folder, params string[] renditions) => LiveServerHost.StartAsync(
        LiveServerHost.Light(renditions) with { Recording = new RecordingSettings { Directory = folder.PathOf("recordings") } }, output);

    private FfmpegPublisher Publish(LiveServerHost host, double seconds, string query) => FfmpegPublisher.Start(
        $"{FfmpegPublisher.Programme("426x240", "25", seconds, gop: 25)} {FfmpegPublisher.ShortFragments} {host.IngestUrl("live/a", query)}", output);

    private FfmpegPublisher PublishNumbers(LiveServerHost host, string copy, string rate, int count, string encoding) =>
        new NumberedPublisher(640, 360, rate, count, $"-pix_fmt yuv420p -g 50 {encoding}") { HasSound = true }.Start(host.IngestUrl("live/a", "?record=1"), copy, output);
}
