using System.Net;
using Microsoft.AspNetCore.Builder;
using Rivet.Live.Configuration;
using Rivet.Live.Hosting;
using Xunit;

namespace Rivet.Live.Tests.Endpoints;

public sealed class WatchEndpointsTests : IAsyncLifetime, IDisposable
{
    private readonly WebApplication _server = LiveServer.Build(
        new LiveSettings { Listen = new ListenSettings { Urls = ["http://127.0.0.1:0"] } });

    private readonly HttpClient _client = new();

    public async Task InitializeAsync()
    {
        await _server.StartAsync();
        _client.BaseAddress = new Uri(Assert.Single(LiveServer.BoundAddresses(_server)));
    }

    public async Task DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("/watch/live/demo", "live/demo")]
    [InlineData("/watch/Cam.1_a-b", "Cam.1_a-b")]
    public async Task WatchPage_ForABroadcastName_CarriesItAndThePlayer(string path, string name)
    {
        (HttpStatusCode status, string page) = await GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains($"data-broadcast=\"{name}\"", page, StringComparison.Ordinal);
        Assert.Contains("/lib/hls.min.js?v=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/watch/")]
    [InlineData("/watch/a/b/c/d/e")]
    [InlineData("/watch/%3Cscript%3Ealert(1)%3C%2Fscript%3E")]
    [InlineData("/watch/.hidden")]
    public async Task WatchPage_ForWhatIsNoName_Is404AndDoesNotEchoIt(string path)
    {
        (HttpStatusCode status, string page) = await GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("1 to 4 segments", page, StringComparison.Ordinal);
        Assert.DoesNotContain("alert", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/web/style.css", "text/css")]
    [InlineData("/web/watch.js", "text/javascript")]
    [InlineData("/web/keep-up.js", "text/javascript")]
    [InlineData("/web/first-playlists.js", "text/javascript")]
    [InlineData("/web/console.js", "text/javascript")]
    [InlineData("/web/beacon.js", "text/javascript")]
    [InlineData("/web/console.css", "text/css")]
    public async Task Page_AskedFor_IsThere(string path, string type)
    {
        using HttpResponseMessage answer = await _client.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("/web/watch.html")]
    [InlineData("/web/package.json")]
    [InlineData("/web/..%2fappsettings.json")]
    [InlineData("/lib/other.js")]
    public async Task File_ThatIsNoScriptOrStyle_IsNotThere(string path)
    {
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(path)).Status);
    }

    [Fact]
    public async Task Console_NamesEveryLibraryWithItsVersion()
    {
        (_, string page) = await GetAsync("/");

        Assert.Contains("/lib/uPlot.iife.min.js?v=1.", page, StringComparison.Ordinal);
        Assert.Contains("/lib/hls.min.js?v=1.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hls.min.js", "Hls")]
    [InlineData("uPlot.iife.min.js", "uPlot")]
    [InlineData("uPlot.min.css", ".uplot")]
    public async Task Library_FromTheBuild_MayBeKeptForEver(string name, string word)
    {
        using HttpResponseMessage answer = await _client.GetAsync($"/lib/{name}?v=1");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("immutable", string.Join(", ", answer.Headers.GetValues("Cache-Control")), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromDays(365), answer.Headers.CacheControl?.MaxAge);
        Assert.Contains(word, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode Status, string Page)> GetAsync(string path)
    {
        using HttpResponseMessage answer = await _client.GetAsync(path);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
