using System.Diagnostics;
using System.Text.Json;
using Rivet.Live.Configuration;
using Rivet.Live.Tests.Stats;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Live;

/// <summary>What an operator gets: a real browser on the console, with two broadcasts and a device that fails.</summary>
[Collection(LiveTests.Name)]
public sealed class ConsoleTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Console_InChromium_ShowsWhatHappensAndEndsABroadcast()
    {
        string player = Path.Combine(Repository.Root, "Rivet.Live.Tests", "Player");
        Assert.True(
            Directory.Exists(Path.Combine(player, "node_modules", "axe-core")), $"The browser's driver is not installed: run tools/test, or 'npm ci' in {player}.");
        string results = Directory.CreateDirectory(Path.Combine(Repository.Root, "Rivet.Live.Tests", "TestResults")).FullName;
        LiveSettings light = LiveServerHost.Light();
        await using LiveServerHost host = await LiveServerHost.StartAsync(
            light with
            {
                Ladder = new LadderSettings { Renditions = [Rung("180p", 180, 200_000), Rung("90p", 90, 100_000)] },
                Encoding = light.Encoding with { Simulated = [new SimulatedDeviceSettings(EncoderFamily.Nvidia, Slots: 4, Speed: null)] },
            },
            output);
        await using FfmpegPublisher one = Publish(host, "arena/main");
        await using FfmpegPublisher other = Publish(host, "live/demo", "-write_prft wallclock");
        using CancellationTokenSource over = new();
        FieldsSeen fields = new();
        Task looking = LookAsync(fields, host, over.Token);
        Task viewing = ViewAsync(host, "arena/main", over.Token);

        JsonElement seen = await DriveAsync(Path.Combine(player, "console.mjs"), host, results);

        await over.CancelAsync();
        await Task.WhenAll(looking, viewing);
        Assert.Empty(fields.Untold(FieldsOf.Console));

        output.WriteLine(seen.GetRawText());
        Assert.Empty(seen.GetProperty("errors").EnumerateArray());
        Assert.Empty(seen.GetProperty("findings").EnumerateArray());
        Assert.Equal(["arena/main", "live/demo"], seen.GetProperty("broadcasts").EnumerateArray().Select(static name => name.GetString()!));
        Assert.Equal(["180p", "90p", "180p"], seen.GetProperty("played").EnumerateArray().Select(static rung => rung.GetString()!));
        Assert.Equal(
            ["operator-cordon", "operator-drop", "operator-restart", "operator-restore", "operator-uncordon"],
            seen.GetProperty("done").EnumerateArray().Select(static kind => kind.GetString()!).Order(StringComparer.Ordinal));
        Assert.All(
            seen.GetProperty("shown").EnumerateObject(),
            static shown => Assert.True(shown.Value.GetProperty("at").GetDouble() - shown.Value.GetProperty("noticed").GetDouble() < 2000, shown.ToString()));
        Assert.Equal("bad", seen.GetProperty("verdict").GetString());
        Assert.Contains(seen.GetProperty("timeline").EnumerateArray(), static happened => happened.GetString()!.Contains("moved from", StringComparison.Ordinal));
        Assert.Contains(seen.GetProperty("devices").EnumerateArray(), static device => device.GetString()!.Contains("180p · live/demo", StringComparison.Ordinal));
        Assert.False(seen.GetProperty("widerThanPhone").GetBoolean());
        Assert.Equal(1, seen.GetProperty("ended").GetInt32());
        Assert.Equal("ended", (await host.StatsAsync("live/demo")).GetProperty("state").GetString());
        Assert.Equal("live", (await host.StatsAsync("arena/main")).GetProperty("state").GetString());
        Console.WriteLine($"The console showed a lost device after {seen.GetProperty("noticedMilliseconds")} ms");
    }

    private static RenditionSettings Rung(string name, int height, int bitrateBps) => new(name, height, bitrateBps, MaxFrameRate: null, RenditionCodec.H264);

    private FfmpegPublisher Publish(LiveServerHost host, string broadcast, string more = "") => FfmpegPublisher.Start(
        $"{FfmpegPublisher.Programme("320x180", "25", 600, gop: 25)} {FfmpegPublisher.ShortFragments} {more} {host.IngestUrl(broadcast)}", output);

    /// <summary>Asks for each next part before it is there, as a player does that keeps up. The browser need not, where it has little of the processor.</summary>
    private static async Task ViewAsync(LiveServerHost host, string broadcast, CancellationToken over)
    {
        const string hint = "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"";
        MasterPlaylist master = await host.Player.MasterAsync(broadcast);
        try
        {
            for (int turn = 0; !over.IsCancellationRequested; turn++)
            {
                Uri playlist = master.PlaylistOf(turn % 2 == 0 ? "180p" : "audio");
                string text = (await host.Player.PlaylistAsync(playlist)).Text;
                string next = text.Split('\n').Single(static line => line.StartsWith(hint, StringComparison.Ordinal))[hint.Length..].Split('"')[0];
                using HttpResponseMessage part = await host.Client.GetAsync(new Uri(playlist, next), over);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // It is over.
        }
    }

    /// <summary>Looks at the stats again and again, and once more when it is over.</summary>
    private static async Task LookAsync(FieldsSeen fields, LiveServerHost host, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            fields.Look(await host.StatsAsync());
            await Task.Delay(TimeSpan.FromSeconds(0.1), over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        fields.Look(await host.StatsAsync());
    }

    /// <summary>Runs the script, loses the device when it asks for that, and returns what it saw.</summary>
    private static async Task<JsonElement> DriveAsync(string script, LiveServerHost host, string screenshots)
    {
        using Process node = Process.Start(new ProcessStartInfo("node", [script, host.Address.ToString(), screenshots])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using CancellationTokenSource patience = new(3 * Patience.Long);
        Task<string> errors = node.StandardError.ReadToEndAsync(patience.Token);
        string last = "";
        while (await node.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            last = line;
            if (line == "lose")
            {
                Assert.Single(host.Pipeline.Plan.Devices.Simulated).Faults.Lose();
            }
        }

        await node.WaitForExitAsync(patience.Token);
        Assert.True(node.ExitCode == 0, $"The script ended with {node.ExitCode} (is chromium installed? tools/test installs it): {await errors}");
        using JsonDocument seen = JsonDocument.Parse(last);
        return seen.RootElement.Clone();
    }
}
