using System.Net;
using System.Text.Json;
using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Stats;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Stats;

/// <summary>Who plays, and what players say of it.</summary>
public sealed class ViewersTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Players_AreCountedOnceEachAndGoAway()
    {
        ViewerCount viewers = new(_time, TimeSpan.FromSeconds(6));
        viewers.Saw(1);
        viewers.Saw(2);
        viewers.Saw(1);
        Assert.Equal((2, 2), viewers.Read());

        _time.Advance(TimeSpan.FromSeconds(4));
        viewers.Saw(2);
        viewers.Saw(3);
        Assert.Equal((3, 3), viewers.Read());

        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal((2, 3), viewers.Read());
        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal((0, 3), viewers.Read());
    }

    [Fact]
    public void Players_OfManyRequestsAtOnce_AreCountedOnceEach()
    {
        ViewerCount viewers = new(_time, TimeSpan.FromSeconds(6));

        Parallel.For(0, 10_000, request => viewers.Saw(request % 1000));

        Assert.Equal((1000, 1000), viewers.Read());
        _time.Advance(TimeSpan.FromSeconds(7));
        Parallel.For(0, 4, _ => viewers.Read());
        Assert.Equal((0, 1000), viewers.Read());
    }

    [Fact]
    public void Reports_AreBoundedInEachSecond()
    {
        PlayerReports reports = new(_time);
        Assert.Equal((null, null, null), reports.Read("abc"));

        for (int report = 0; report < 500; report++)
        {
            reports.Note("abc", 1.5, stalls: 1);
        }

        Assert.Equal((50L, 50L), (reports.Read("abc").Reports!.Value, reports.Read("abc").Stalls!.Value));
        _time.Advance(TimeSpan.FromSeconds(1));
        reports.Note("abc", latencySeconds: null, stalls: 0);
        Assert.Equal(51L, reports.Read("abc").Reports);
        Assert.Equal(new Percentiles(1500, 1500, 1500), reports.Read("abc").LatencyMilliseconds);
        reports.KeepOnly([]);
        Assert.Null(reports.Read("abc").Reports);
    }

    [Fact]
    public async Task Beacon_OfAPlayer_IsInTheStatsOfItsBroadcast()
    {
        await using LiveServerHost host = await LiveServerHost.StartAsync(LiveServerHost.Light(), output: null);
        using RawPush push = await RawPush.BeginAsync(host.Address, "/ingest/live/demo");
        await push.SendAsync(SyntheticBody.Of((0, 50), (2000, 50), (4000, 50)));
        await host.UntilAsync("live/demo", "live");

        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(host, """{"broadcast":"live/demo","latencySeconds":1.25,"stalls":2}"""));
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(host, """{"broadcast":"live/none","latencySeconds":1.25,"stalls":2}"""));
        foreach (string bad in (string[])["", "{", "[]", """{"broadcast":"live/demo","latencySeconds":-1,"stalls":0}""", """{"broadcast":"live/demo","latencySeconds":1e9,"stalls":0}""", $"{{\"broadcast\":\"{new string('a', 2000)}\",\"stalls\":0}}"])
        {
            Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(host, bad));
        }

        using HttpResponseMessage played = await host.Client.GetAsync(new Uri($"/hls/live/demo/{await SourceAsync(host)}", UriKind.Relative));
        JsonElement stats = await host.StatsAsync("live/demo");
        FieldsSeen seen = new();
        seen.LookAtBroadcast(stats);
        Assert.Empty(seen.Untold(FieldsOf.Players));
        JsonElement viewers = stats.GetProperty("viewers");
        Assert.Equal((1, 2, 1, 1), (
            viewers.GetProperty("beacons").GetInt32(), viewers.GetProperty("stalls").GetInt32(), viewers.GetProperty("now").GetInt32(), viewers.GetProperty("peak").GetInt32()));
        Assert.Equal(1250, viewers.GetProperty("latencyMilliseconds").GetProperty("p95").GetDouble());
    }

    private static async Task<string> SourceAsync(LiveServerHost host) => (await host.Client.GetStringAsync(new Uri("/hls/live/demo/master.m3u8", UriKind.Relative)))
        .Split('\n').Single(static line => line.EndsWith("/playlist.m3u8", StringComparison.Ordinal));

    private static async Task<HttpStatusCode> SendAsync(LiveServerHost host, string json)
    {
        using StringContent body = new(json);
        using HttpResponseMessage answer = await host.Client.PostAsync(new Uri("/stats/beacon", UriKind.Relative), body);
        return answer.StatusCode;
    }
}
