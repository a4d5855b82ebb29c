using System.Text.Json;
using Rivet.Live.Configuration;
using Rivet.Live.Tests.Stats;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Live;

/// <summary>An ended broadcast is played as a whole by a player that knows nothing of us.</summary>
[Collection(LiveTests.Name)]
public sealed class WindowTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EndedBroadcast_FromMemoryAndFromDisk_PlaysFromItsFirstPictureToItsLast(bool spills)
    {
        using TemporaryFolder disk = new();
        LiveSettings settings = LiveServerHost.Light();
        string? spill = spills ? disk.PathOf("spill") : null;
        await using (LiveServerHost host = await LiveServerHost.StartAsync(settings with { Hls = settings.Hls with { SpillDirectory = spill } }, output))
        {
            // Forty seconds, of which the last twelve stay in memory, eight times as fast as live: a reader that is ten seconds of media behind loses some.
            string programme = FfmpegPublisher.Programme("320x180", "25", 40, gop: 50).Replace("-re ", "-readrate 8 ", StringComparison.Ordinal);
            await using FfmpegPublisher publisher = FfmpegPublisher.Start($"{programme} {FfmpegPublisher.ShortFragments} {host.IngestUrl("live/demo")}", output);
            Assert.Equal(0, await publisher.WaitForExitAsync());
            await host.UntilAsync("live/demo", "ended");

            JsonElement stats = await host.StatsAsync("live/demo");
            FieldsSeen seen = new();
            seen.LookAtBroadcast(stats);
            JsonElement window = stats.GetProperty("window");
            Assert.InRange(window.GetProperty("seconds").GetDouble(), 39.9, 40.3);
            Assert.True(window.GetProperty("memoryBytes").GetInt64() > 0);
            if (spills)
            {
                Assert.Empty(seen.Untold(FieldsOf.Spill));
            }

            Assert.Equal(spills, window.GetProperty("diskBytes").GetInt64() > 0);
            Assert.Equal(spills, spills && Directory.GetFiles(spill!, "source-*.m4s", SearchOption.AllDirectories).Length >= 10);

            ToolRun run = await ToolRun.RequireAsync(
                "ffmpeg", "-v", "error", "-i", new Uri(host.Address, "/hls/live/demo/master.m3u8").ToString(), "-map", "0:v:0", "-c", "copy", "-f", "framemd5", "-");
            Assert.Equal("", run.Errors);
            int pictures = run.Text.Split('\n').Count(static line => line.Length > 0 && line[0] != '#');
            Assert.Equal(1000, pictures);
        }

        Assert.True(!spills || Directory.GetFileSystemEntries(spill!) is [], "the session's folder goes with the server");
    }
}
