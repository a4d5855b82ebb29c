using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Rivet.Live.Tests.Endpoints;

/// <summary>A live broadcast over a socket: what players get, and what they are refused.</summary>
public sealed class HlsEndpointsTests(LiveDemo demo) : IClassFixture<LiveDemo>
{
    [Theory]
    [InlineData("playlist.m3u8", 200, "application/vnd.apple.mpegurl")]
    [InlineData("playlist.m3u8?_HLS_msn=0", 200, "application/vnd.apple.mpegurl")]
    [InlineData("init0.mp4", 200, "video/mp4")]
    [InlineData("s0.m4s", 200, "video/mp4")]
    [InlineData("s3.m4s", 200, "video/mp4")]
    [InlineData("p0.m4s", 200, "video/mp4")]
    [InlineData("playlist.m3u8?_HLS_skip=YES", 200, "application/vnd.apple.mpegurl")]
    [InlineData("playlist.m3u8?_HLS_msn=0&_HLS_part=77&_HLS_skip=v2&other=1", 200, "application/vnd.apple.mpegurl")]
    [InlineData("iframes.m3u8", 200, "application/vnd.apple.mpegurl")]
    [InlineData("iframes.m3u8?_HLS_msn=4", 200, "application/vnd.apple.mpegurl")]
    [InlineData("iframes.m3u8?_HLS_msn=9", 400, "application/problem+json")]
    [InlineData("iframes.m3u8?_HLS_part=0", 400, "application/problem+json")]
    [InlineData("i0.m4s", 200, "video/mp4")]
    [InlineData("i3.m4s", 200, "video/mp4")]
    [InlineData("i5.m4s", 404, "application/problem+json")]
    [InlineData("init1.mp4", 404, "application/problem+json")]
    [InlineData("s5.m4s", 404, "application/problem+json")]
    [InlineData("s00.m4s", 404, "application/problem+json")]
    [InlineData("s-1.m4s", 404, "application/problem+json")]
    [InlineData("p99.m4s", 404, "application/problem+json")]
    [InlineData("p99999999999999999999.m4s", 404, "application/problem+json")]
    [InlineData("nothing", 404, "application/problem+json")]
    [InlineData("playlist.m3u8?_HLS_part=0", 400, "application/problem+json")]
    [InlineData("playlist.m3u8?_HLS_msn=8", 400, "application/problem+json")]
    [InlineData("playlist.m3u8?_HLS_msn=x", 400, "application/problem+json")]
    [InlineData("playlist.m3u8?_HLS_msn=5&_HLS_part=50", 400, "application/problem+json")]
    public async Task Resource_OfALiveTrack_IsAnswered(string file, int status, string type)
    {
        using HttpResponseMessage answer = await demo.Client.GetAsync(LiveDemo.Relative(demo.Track + file));

        Assert.Equal((status, type), ((int)answer.StatusCode, answer.Content.Headers.ContentType!.MediaType!));
        Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.True((await answer.Content.ReadAsByteArrayAsync()).Length > 0);
    }

    [Fact]
    public async Task Head_OfMedia_HasTheLengthOfItsBytes()
    {
        using HttpRequestMessage request = new(HttpMethod.Head, LiveDemo.Relative($"{demo.Track}s3.m4s"));
        using HttpResponseMessage head = await demo.Client.SendAsync(request);

        Assert.Equal((await demo.Client.GetByteArrayAsync(LiveDemo.Relative($"{demo.Track}s3.m4s"))).Length, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("PUT", "/ingest/live/demo", 409, "already-published")]
    [InlineData("PUT", "/ingest/.hidden", 400, "bad-name")]
    [InlineData("PUT", "/ingest/a/b/c/d/e", 400, "bad-name")]
    [InlineData("DELETE", "/ingest/live/other", 404, "no-such-broadcast")]
    [InlineData("GET", "/stats/live/other", 404, "no-such-broadcast")]
    [InlineData("GET", "/hls/live/other/master.m3u8", 404, "no-such-broadcast")]
    [InlineData("GET", "/hls/master.m3u8", 404, "no-such-resource")]
    public async Task Request_ThatIsRefused_SaysWhyAsAProblem(string method, string path, int status, string reason)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), LiveDemo.Relative(path));
        using HttpResponseMessage answer = await demo.Client.SendAsync(request);

        JsonElement problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((status, status), ((int)answer.StatusCode, problem.GetProperty("status").GetInt32()));
        Assert.Equal(reason, problem.GetProperty("reason").GetString());
        Assert.Equal($"urn:rivet:{reason}", problem.GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("/stats")]
    [InlineData("/stats/")]
    [InlineData("/stats/live/demo")]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task OperatorsPage_IsThere(string path)
    {
        using HttpResponseMessage answer = await demo.Client.GetAsync(LiveDemo.Relative(path));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
