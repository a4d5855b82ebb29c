using System.IO.Pipelines;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Rivet.Live.Configuration;
using Rivet.Live.Hosting;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Endpoints;

/// <summary>
/// A server with the live broadcast live/demo: segments 0 to 2 are padding, 3 and 4 are complete, 5 has a part of half a second, more may come.
/// </summary>
public sealed class LiveDemo : IAsyncLifetime, IDisposable
{
    private readonly WebApplication _server;

    private PipedContent? _content;

    public LiveDemo()
        : this(new ListenSettings { Urls = ["http://127.0.0.1:0"] })
    {
    }

    internal LiveDemo(ListenSettings listen) => _server = LiveServer.Build(new LiveSettings
    {
        Listen = listen,

        // Its publisher says no more than it has: what is asked for twice is the same.
        Ingest = new IngestSettings { Stall = TimeSpan.FromHours(1) },
    });

    internal HttpClient Client { get; } = NewClient();

    /// <summary>What the publisher sends.</summary>
    internal Pipe Body { get; } = new(new PipeOptions(pauseWriterThreshold: 0));

    /// <summary>The publisher's answer.</summary>
    internal Task<HttpResponseMessage>? Push { get; private set; }

    /// <summary>Path of the source's playlist and media, with a slash at the end.</summary>
    internal string Track { get; private set; } = "";

    public async Task InitializeAsync()
    {
        await _server.StartAsync();
        Client.BaseAddress = new Uri(Assert.Single(LiveServer.BoundAddresses(_server)));
        _content = new PipedContent(Body.Reader);
        Push = Client.PutAsync(Relative("/ingest/live/demo"), _content);
        await Body.Writer.WriteAsync(SyntheticBody.Of((0, 50), (2000, 50), (4000, 13)));
        await Eventually.TrueAsync(IsPlayableAsync, "it can be played");
        string master = await Client.GetStringAsync(Relative("/hls/live/demo/master.m3u8"));
        string uri = master.Split('\n').Single(static line => line.EndsWith("/playlist.m3u8", StringComparison.Ordinal));
        Track = "/hls/live/demo/" + uri[..^"playlist.m3u8".Length];
        await PlaylistAsync("?_HLS_msn=5&_HLS_part=0");
    }

    public async Task DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    public void Dispose()
    {
        Client.Dispose();
        _content?.Dispose();
    }

    /// <summary>A client with connections of its own, which takes any certificate.</summary>
    internal static HttpClient NewClient() => new(
        new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator });

    internal static Uri Relative(string path) => new(path, UriKind.Relative);

    internal Task<string> PlaylistAsync(string query) => Client.GetStringAsync(Relative($"{Track}playlist.m3u8{query}"));

    internal Task<long> BlockedRequestsAsync() => ViewersAsync("blockedRequests");

    /// <summary>A number that the stats say of the viewers.</summary>
    internal async Task<long> ViewersAsync(string name) =>
        (await Client.GetFromJsonAsync<JsonElement>(Relative("/stats/live/demo"))).GetProperty("viewers").GetProperty(name).GetInt64();

    private async Task<bool> IsPlayableAsync()
    {
        using HttpResponseMessage master = await Client.GetAsync(Relative("/hls/live/demo/master.m3u8"));
        return master.IsSuccessStatusCode;
    }
}
