using System.Globalization;
using System.Text.Json;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Live;

/// <summary>What a viewer gets: a real browser on the watch page.</summary>
[Collection(LiveTests.Name)]
public sealed class BrowserTests(ITestOutputHelper output)
{
    private const int Seconds = 15;

    [Fact]
    public async Task WatchPage_InChromium_PlaysTheLadderWithoutAStallOrAnError()
    {
        string player = Path.Combine(Repository.Root, "Rivet.Live.Tests", "Player");
        Assert.True(
            Directory.Exists(Path.Combine(player, "node_modules", "playwright-core")),
            $"The browser's driver is not installed: run tools/test, or 'npm ci' in {player}.");
        string results = Directory.CreateDirectory(Path.Combine(Repository.Root, "Rivet.Live.Tests", "TestResults")).FullName;
        await using LiveServerHost host = await LiveServerHost.StartAsync(LiveServerHost.Light("480p", "240p"), output);
        await using FfmpegPublisher publisher = FfmpegPublisher.Start(
            $"{FfmpegPublisher.Programme("854x480", "30", 90, gop: 60)} {FfmpegPublisher.ShortFragments} {host.IngestUrl("live/demo")}", output);
        MasterPlaylist master = await host.Player.MasterAsync("live/demo");
        await host.Player.PlaylistAsync(master.Variants[0].Uri, static playlist => playlist.Segments.Count >= 2, "it has two segments");

        ToolRun run = await ToolRun.RunAsync(
            "node",
            Path.Combine(player, "play.mjs"),
            $"{host.Address}watch/live/demo",
            Seconds.ToString(CultureInfo.InvariantCulture),
            Path.Combine(results, "watch.png"));
        Assert.True(run.ExitCode == 0, $"The browser ended with {run.ExitCode} (is chromium installed? tools/test installs it): {run.Errors}");
        using JsonDocument seen = JsonDocument.Parse(run.Text);
        double latency = seen.RootElement.GetProperty("latency").GetDouble();
        output.WriteLine(run.Text);
        Print($"hls.latency {latency.ToString("0.00", CultureInfo.InvariantCulture)} s");

        Assert.Equal(0, seen.RootElement.GetProperty("stalls").GetInt32());
        Assert.Empty(seen.RootElement.GetProperty("errors").EnumerateArray());
        Assert.Empty(seen.RootElement.GetProperty("pageErrors").EnumerateArray());
        Assert.Equal(3, seen.RootElement.GetProperty("levels").GetInt32());
        Assert.False(seen.RootElement.GetProperty("paused").GetBoolean());
        Assert.InRange(seen.RootElement.GetProperty("played").GetDouble(), Seconds - 5, 1.5 * Seconds);
        Assert.Contains(seen.RootElement.GetProperty("height").GetInt32(), (int[])[240, 480]);
    }

    /// <summary>Also to the console: the runner shows a test's own output only when it fails.</summary>
    private void Print(string line)
    {
        output.WriteLine(line);
        Console.WriteLine(line);
    }
}
