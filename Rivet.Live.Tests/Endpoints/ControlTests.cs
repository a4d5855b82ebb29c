using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Rivet.Live.Configuration;
using Rivet.Live.Hosting;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Endpoints;

/// <summary>What operators do with the server while it runs.</summary>
public sealed class ControlTests
{
    [Fact]
    public async Task Device_Cordoned_IsShownAndMayEncodeAgain()
    {
        await using LiveServerHost host = await StartAsync();

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(host, "devices/simulated1/cordon"));
        Assert.Equal([false, true], await CordonedAsync(host));
        (HttpStatusCode status, string reason) = await RefusedAsync(host, "devices/cpu/cordon");
        Assert.Equal((HttpStatusCode.Conflict, "last-device"), (status, reason));
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(host, "devices/simulated1/uncordon"));
        Assert.Equal([false, false], await CordonedAsync(host));

        string[] kinds = [.. (await host.StatsAsync()).GetProperty("timeline").EnumerateArray().Select(static happened => happened.GetProperty("kind").GetString()!)];
        Assert.Equal(["operator-cordon", "operator-uncordon"], kinds.Where(static kind => kind.StartsWith("operator-", StringComparison.Ordinal)));
        Assert.Contains("Operator at 127.0.0.1: POST /control/devices/simulated1/cordon", host.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("devices/none/cordon", "no-such-device")]
    [InlineData("devices/cpu/paint", "no-such-action")]
    [InlineData("renditions/live/none/720p/drop", "no-such-broadcast")]
    [InlineData("renditions/drop", "no-such-broadcast")]
    public async Task Wish_ForWhatIsNotThere_IsRefused(string path, string expected)
    {
        await using LiveServerHost host = await StartAsync();

        (HttpStatusCode status, string reason) = await RefusedAsync(host, path);

        Assert.Equal((HttpStatusCode.NotFound, expected), (status, reason));
    }

    [Fact]
    public async Task Operator_WithoutAKeyOrFromAnotherSite_IsRefused()
    {
        await using LiveServerHost host = await StartAsync("master-key-swordfish");

        Assert.Equal((HttpStatusCode.Unauthorized, "operator-only"), await RefusedAsync(host, "drain"));
        Assert.Equal((HttpStatusCode.Forbidden, "operator-only"), await RefusedAsync(host, "drain", "Authorization: Bearer wrong-swordfish"));
        Assert.Equal((HttpStatusCode.Forbidden, "other-site"), await RefusedAsync(host, "drain", "Sec-Fetch-Site: cross-site"));
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(host, "devices/simulated1/cordon", "Authorization: Bearer master-key-swordfish"));
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(host, "drain?key=master-key-swordfish"));
        Assert.Contains("POST /control/drain", host.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rendition_DroppedRestoredAndRestarted_GoesOn()
    {
        await using LiveServerHost host = await StartAsync();
        await using FfmpegPublisher publisher = FfmpegPublisher.Start(
            $"{FfmpegPublisher.Programme("160x90", "25", 120, gop: 25)} {FfmpegPublisher.ShortFragments} {host.IngestUrl("live/demo")}", output: null);
        await UntilAsync(host, static rendition => rendition.GetProperty("state").GetString() == "running", "it is encoded");

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(host, "renditions/live/demo/90p/drop"));
        await UntilAsync(host, static rendition => rendition.GetProperty("shed").GetBoolean(), "it is out");
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(host, "renditions/live/demo/90p/restore"));
        await UntilAsync(host, static rendition => !rendition.GetProperty("shed").GetBoolean() && rendition.GetProperty("state").GetString() == "running", "it is back");

        double held = 0;
        await Patience.UntilAsync(async () => (held = await HeldAsync(host)) > 1.5, "its encoder has been at work for a while");
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(host, "renditions/live/demo/90p/restart"));
        await Patience.UntilAsync(async () => await HeldAsync(host) is var now && now > 0 && now < held, "it has another encoder");

        Assert.Equal(0, (await host.StatsAsync("live/demo/90p")).GetProperty("encoderRestarts").GetInt64());
        Assert.Equal((HttpStatusCode.NotFound, "no-such-rendition"), await RefusedAsync(host, "renditions/live/demo/720p/drop"));
    }

    [Fact]
    public async Task Keys_ReadAgain_LetInWhoHasTheNewOnes()
    {
        SettingsReading reading = new(new LiveSettings(), []);
        await using WebApplication server = LiveServer.Build(
            new LiveSettings { Listen = new ListenSettings { Urls = ["http://127.0.0.1:0"] }, Ladder = new LadderSettings { Renditions = [] } }, reread: () => reading);
        await server.StartAsync();
        using HttpClient client = new() { BaseAddress = new Uri(Assert.Single(LiveServer.BoundAddresses(server))) };
        async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path)
        {
            using HttpRequestMessage request = new(method, new Uri(path, UriKind.Relative));
            using HttpResponseMessage answer = await client.SendAsync(request);
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(HttpMethod.Get, "/hls/live/demo/master.m3u8"));
        reading = reading with { Mistakes = [new SettingMistake("Ingest:Keys", "nonsense", "keys")] };
        Assert.Equal(HttpStatusCode.Conflict, await StatusAsync(HttpMethod.Post, "/control/reload"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(HttpMethod.Get, "/hls/live/demo/master.m3u8"));
        reading = new SettingsReading(
            new LiveSettings
            {
                Ingest = new IngestSettings { Keys = ["in"] },
                Operator = new OperatorSettings { Keys = ["op"] },
                Playback = new PlaybackSettings { Keys = ["out"] },
            },
            []);
        using (HttpResponseMessage answer = await client.PostAsync(new Uri("/control/reload", UriKind.Relative), content: null))
        {
            Assert.Equal("""{"keys":"hold from now on","ladder":["720p","480p","240p"],"keepTheirLadder":[]}""", await answer.Content.ReadAsStringAsync());
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(HttpMethod.Put, "/ingest/live/demo"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(HttpMethod.Get, "/hls/live/demo/master.m3u8"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(HttpMethod.Post, "/control/reload"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Post, "/control/reload?key=op"));
        await server.StopAsync();
    }

    private static Task<LiveServerHost> StartAsync(params string[] keys)
    {
        LiveSettings light = LiveServerHost.Light();
        return LiveServerHost.StartAsync(
            light with
            {
                Ladder = new LadderSettings { Renditions = [new RenditionSettings("90p", 90, 100_000, MaxFrameRate: null, RenditionCodec.H264)] },
                Encoding = light.Encoding with { Simulated = [new SimulatedDeviceSettings(EncoderFamily.Nvidia, Slots: 1, Speed: null)] },
                Operator = new OperatorSettings { Keys = keys },
            },
            output: null);
    }

    private static async Task<HttpStatusCode> PostAsync(LiveServerHost host, string path, string? header = null)
    {
        using HttpResponseMessage answer = await SendAsync(host, path, header);
        return answer.StatusCode;
    }

    private static async Task<(HttpStatusCode Status, string Reason)> RefusedAsync(LiveServerHost host, string path, string? header = null)
    {
        using HttpResponseMessage answer = await SendAsync(host, path, header);
        using JsonDocument problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (answer.StatusCode, problem.RootElement.GetProperty("reason").GetString()!);
    }

    private static async Task<HttpResponseMessage> SendAsync(LiveServerHost host, string path, string? header)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri($"/control/{path}", UriKind.Relative));
        if (header?.Split(": ") is [var name, var value])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await host.Client.SendAsync(request);
    }

    private static async Task<IEnumerable<bool>> CordonedAsync(LiveServerHost host) =>
        [.. (await host.StatsAsync()).GetProperty("devices").EnumerateArray().Select(static device => device.GetProperty("cordoned").GetBoolean())];

    private static Task UntilAsync(LiveServerHost host, Func<JsonElement, bool> holds, string what) => Patience.UntilAsync(
        async () => (await host.StatsAsync()).GetProperty("broadcasts").EnumerateArray().SelectMany(static broadcast => broadcast.GetProperty("renditions").EnumerateArray()).Any(holds), what);

    /// <summary>For how long the only rendition has held its encoder; 0 while it has none.</summary>
    private static async Task<double> HeldAsync(LiveServerHost host) => (await host.StatsAsync()).GetProperty("devices").EnumerateArray()
        .SelectMany(static device => device.GetProperty("leases").EnumerateArray()).Select(static lease => lease.GetProperty("heldSeconds").GetDouble()).FirstOrDefault();
}
