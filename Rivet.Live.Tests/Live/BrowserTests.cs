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

    private const int ViewingsMax = 3;

    [Fact]
    public async Task WatchPage_InChromium_PlaysTheLadderWithoutAStallOrAnError()
    {
        string player = Path.Combine(Repository.Root, "Rivet.Live.Tests", "Player");
        Assert.True(
            Directory.Exists(Path.Combine(player, "node_modules", "playwright-core")),
            $"The browser's driver is not installed: run tools/test, or 'npm ci' in {player}.");
        string results = Directory.CreateDirectory(Path.Combine(Repository.Root, "Rivet.Live.Tests", "TestResults")).FullName;
        await using LiveServerHost host = await LiveServerHost.StartAsync(LiveServerHost.Light("360p", "240p"), output);
        await using FfmpegPublisher publisher = FfmpegPublisher.Start(
            $"{FfmpegPublisher.Programme("640x360", "25", 120, gop: 60)} {FfmpegPublisher.ShortFragments} {host.IngestUrl("live/demo")}", output);
        MasterPlaylist master = await host.Player.MasterAsync("live/demo");
        await host.Player.PlaylistAsync(master.Variants[0].Uri, static playlist => playlist.Segments.Count >= 2, "it has two segments");

        // A machine that others use too can take the processor from a browser for longer than a low-latency player has buffered.
        // So there are several viewings, all of them printed, and one must be flawless.
        List<string> flaws = [];
        for (int viewing = 1; viewing <= ViewingsMax; viewing++)
        {
            flaws = await ViewAsync(player, $"{host.Address}watch/live/demo", Path.Combine(results, "watch.png"));
            if (flaws.Count == 0)
            {
                // It played for longer than it takes until the page reports.
                JsonElement viewers = (await host.StatsAsync("live/demo")).GetProperty("viewers");
                Assert.InRange(viewers.GetProperty("beacons").GetInt64(), 1, ViewingsMax);
                Assert.True(viewers.GetProperty("latencyMilliseconds").GetProperty("p50").GetDouble() > 0);
                return;
            }

            Print($"viewing {viewing}: {string.Join("; ", flaws)}");
        }

        Assert.Fail($"None of {ViewingsMax} viewings was flawless; the last one: {string.Join("; ", flaws)}.");
    }

    /// <summary>Plays the page; returns what a viewer would complain of.</summary>
    private async Task<List<string>> ViewAsync(string player, string page, string screenshot)
    {
        string seconds = Seconds.ToString(CultureInfo.InvariantCulture);
        ToolRun run = await ToolRun.RunAsync("node", Path.Combine(player, "play.mjs"), page, seconds, screenshot);
        Assert.True(run.ExitCode == 0, $"The browser ended with {run.ExitCode} (is chromium installed? tools/test installs it): {run.Errors}");
        using JsonDocument seen = JsonDocument.Parse(run.Text);
        JsonElement viewing = seen.RootElement;
        output.WriteLine(run.Text);

        // What no load excuses.
        Assert.Empty(viewing.GetProperty("pageErrors").EnumerateArray());
        Assert.Equal(3, viewing.GetProperty("levels").GetInt32());
        Assert.False(viewing.GetProperty("paused").GetBoolean());
        Assert.Contains(viewing.GetProperty("height").GetInt32(), (int[])[240, 360]);
        Print($"hls.latency {viewing.GetProperty("latency").GetDouble().ToString("0.00", CultureInfo.InvariantCulture)} s");

        List<string> flaws = [];
        double played = viewing.GetProperty("played").GetDouble();
        AddIf(flaws, viewing.GetProperty("stalls").GetInt32() > 0, $"{viewing.GetProperty("stalls")} stalls");
        AddIf(flaws, viewing.GetProperty("errors").GetArrayLength() > 0, $"errors {viewing.GetProperty("errors")}");
        AddIf(flaws, played < Seconds - 5, $"only {played.ToString("0.0", CultureInfo.InvariantCulture)} s played in {seconds} s");
        return flaws;
    }

    private static void AddIf(List<string> flaws, bool isFlaw, string flaw)
    {
        if (isFlaw)
        {
            flaws.Add(flaw);
        }
    }

    /// <summary>Also to the console: the runner shows a test's own output only when it fails.</summary>
    private void Print(string line)
    {
        output.WriteLine(line);
        Console.WriteLine(line);
    }
}
