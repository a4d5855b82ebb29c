using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Rivet.Live.Configuration;
using Rivet.Live.Endpoints;
using Rivet.Live.Hosting;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Endpoints;

/// <summary>Who may play a broadcast, and with which URL.</summary>
public sealed class PlaybackTests : IAsyncLifetime, IDisposable
{
    private const string Secret = "swordfish-secret";

    private readonly WebApplication _server = LiveServer.Build(new LiveSettings
    {
        Listen = new ListenSettings { Urls = ["http://127.0.0.1:0"] },
        Ladder = new LadderSettings { Renditions = [] },
        Playback = new PlaybackSettings { Keys = ["open-sesame"], SigningSecret = Secret },
    });

    private readonly HttpClient _client = new(new HttpClientHandler { AllowAutoRedirect = false });

    public async Task InitializeAsync()
    {
        await _server.StartAsync();
        _client.BaseAddress = new Uri(Assert.Single(LiveServer.BoundAddresses(_server)));
        using ByteArrayContent body = new(SyntheticBody.Of((0, 50), (2000, 50), (4000, 50)));
        using HttpResponseMessage published = await _client.PutAsync(new Uri("/ingest/live/demo", UriKind.Relative), body);
        Assert.Equal(HttpStatusCode.OK, published.StatusCode);
    }

    public async Task DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("/hls/live/demo/master.m3u8", HttpStatusCode.Unauthorized, "key-required")]
    [InlineData("/hls/live/demo/any/source/playlist.m3u8", HttpStatusCode.Unauthorized, "key-required")]
    [InlineData("/hls/live/demo/thumbnail.jpg", HttpStatusCode.Unauthorized, "key-required")]
    [InlineData("/hls/~9999999999-AAAA/live/demo/thumbnail.jpg", HttpStatusCode.Forbidden, "wrong-signature")]
    [InlineData("/hls/live/demo/master.m3u8?key=wrong", HttpStatusCode.Forbidden, "wrong-key")]
    [InlineData("/hls/~/live/demo/master.m3u8", HttpStatusCode.Forbidden, "wrong-signature")]
    [InlineData("/hls/~9999999999-AAAA/live/demo/master.m3u8", HttpStatusCode.Forbidden, "wrong-signature")]
    public async Task Viewer_WithoutAccess_IsRefused(string path, HttpStatusCode status, string reason)
    {
        using HttpResponseMessage answer = await GetAsync(path);

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains($"\"reason\":\"{reason}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task Viewer_WithASignedUrl_PlaysTheWholeTreeUntilItExpires()
    {
        UrlSigner signer = new(System.Text.Encoding.UTF8.GetBytes(Secret));
        string good = signer.Sign("live/demo", DateTimeOffset.FromUnixTimeSeconds(9_999_999_999));

        string master = await TextAsync($"/hls/~{good}/live/demo/master.m3u8");
        string playlist = master.Split('\n').Single(static line => line.EndsWith("/playlist.m3u8", StringComparison.Ordinal));
        string media = await TextAsync($"/hls/~{good}/live/demo/{playlist}");
        string segment = media.Split('\n').Last(static line => line.EndsWith(".m4s", StringComparison.Ordinal));
        using HttpResponseMessage bytes = await GetAsync($"/hls/~{good}/live/demo/{playlist[..^"playlist.m3u8".Length]}{segment}");

        Assert.Equal(HttpStatusCode.OK, bytes.StatusCode);
        using HttpResponseMessage thumbnail = await GetAsync($"/hls/~{good}/live/demo/thumbnail.jpg");
        Assert.Contains("no-thumbnail", await thumbnail.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(good, master + media, StringComparison.Ordinal);
        Assert.Equal("wrong-signature", signer.WhyNot(good, "live/other", DateTimeOffset.UnixEpoch)?.Reason);
        Assert.Null(signer.WhyNot(good, "live/demo", DateTimeOffset.FromUnixTimeSeconds(9_999_999_998)));
        Assert.Equal("expired", signer.WhyNot(good, "live/demo", DateTimeOffset.FromUnixTimeSeconds(9_999_999_999))?.Reason);
        Assert.Equal("wrong-signature", new UrlSigner([1]).WhyNot(good, "live/demo", DateTimeOffset.UnixEpoch)?.Reason);
    }

    [Fact]
    public async Task Viewer_WithAKey_PlaysByHeaderOrGetsASignedUrl()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri("/hls/live/demo/master.m3u8", UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "open-sesame");
        using HttpResponseMessage byHeader = await _client.SendAsync(request);
        using HttpResponseMessage byQuery = await GetAsync("/hls/live/demo/master.m3u8?key=open-sesame");

        Assert.Equal(HttpStatusCode.OK, byHeader.StatusCode);
        Assert.Equal(HttpStatusCode.TemporaryRedirect, byQuery.StatusCode);
        string signed = byQuery.Headers.Location!.ToString();
        Assert.StartsWith("/hls/~", signed, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", signed, StringComparison.Ordinal);
        Assert.StartsWith("#EXTM3U", await TextAsync(signed), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_ToAKeyInAHeader_AreKeptByNoSharedCache()
    {
        string signed = $"/hls/~{new UrlSigner(System.Text.Encoding.UTF8.GetBytes(Secret)).Sign("live/demo", DateTimeOffset.FromUnixTimeSeconds(9_999_999_999))}/live/demo/";
        string playlist = (await TextAsync(signed + "master.m3u8")).Split('\n').Single(static line => line.EndsWith("/playlist.m3u8", StringComparison.Ordinal));
        string segment = (await TextAsync(signed + playlist)).Split('\n').Last(static line => line.EndsWith(".m4s", StringComparison.Ordinal));

        foreach (string file in (string[])["master.m3u8", playlist, $"{playlist}?_HLS_msn=0", playlist[..^"playlist.m3u8".Length] + segment])
        {
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri($"/hls/live/demo/{file}", UriKind.Relative));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "open-sesame");
            using HttpResponseMessage byKey = await _client.SendAsync(request);
            using HttpResponseMessage byUrl = await GetAsync(signed + file);

            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (byKey.StatusCode, byUrl.StatusCode));
            Assert.Equal((true, false, null), (byKey.Headers.CacheControl!.Private, byKey.Headers.CacheControl.Public, byKey.Headers.CacheControl.SharedMaxAge));
            Assert.Contains("Authorization", byKey.Headers.Vary);
            Assert.True(byUrl.Headers.CacheControl!.Public);
            Assert.DoesNotContain("Authorization", byUrl.Headers.Vary);
            Assert.Equal(byUrl.Headers.ETag, byKey.Headers.ETag);
        }
    }

    [Fact]
    public async Task SignUrl_TheTool_SignsWhatTheServerTakes()
    {
        ToolRun run = await ToolRun.RequireAsync(
            "/bin/sh", "-c", $"RIVET_Playback__SigningSecret={Secret} {Repository.Root}/tools/sign-url live/demo --server http://example.org");

        string[] lines = run.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("http://example.org/hls/~", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("http://example.org/watch/live/demo?signed=", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("#EXTM3U", await TextAsync(new Uri(lines[0]).AbsolutePath), StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> GetAsync(string path) => _client.GetAsync(new Uri(path, UriKind.Relative));

    private async Task<string> TextAsync(string path)
    {
        using HttpResponseMessage answer = await GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }
}
