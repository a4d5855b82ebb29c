using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rivet.Live.Configuration;
using Rivet.Live.Core.Pipeline;
using Rivet.Live.Hosting;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Support;

/// <summary>The whole server inside the test's process, on a port of its own, met over sockets. Disposing ends it and prints its log.</summary>
internal sealed class LiveServerHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly LogLines _log;
    private readonly ITestOutputHelper? _output;

    private LiveServerHost(WebApplication app, LogLines log, ITestOutputHelper? output)
    {
        _app = app;
        _log = log;
        _output = output;
        Address = new Uri(Assert.Single(LiveServer.BoundAddresses(app)));
        Client = new HttpClient { BaseAddress = Address, Timeout = Patience.Long };
        Player = new HlsClient(Client);
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    /// <summary>Reads playlists and media as a player does.</summary>
    public HlsClient Player { get; }

    public string Log => _log.Text;

    /// <summary>The server's inside: devices that are simulated are told from here what to do wrong.</summary>
    public LivePipeline Pipeline => _app.Services.GetRequiredService<LivePipeline>();

    /// <param name="settings">What the test wants different.</param>
    /// <param name="output">Where the log goes at the end; null keeps it for <see cref="Log"/>.</param>
    public static async Task<LiveServerHost> StartAsync(LiveSettings settings, ITestOutputHelper? output)
    {
        LogLines log = new();
        WebApplication app = LiveServer.Build(
            settings with { Listen = new ListenSettings { Urls = ["http://127.0.0.1:0"] } },
            adjust: builder =>
            {
                builder.Logging.ClearProviders();
                builder.Logging.AddProvider(log);
            });
        await app.StartAsync();
        return new LiveServerHost(app, log, output);
    }

    /// <summary>Settings of a light ladder: the presets named, encoded with the least work. A busy machine must not cost a picture.</summary>
    public static LiveSettings Light(params string[] renditions) => LightOf(RenditionCodec.H264, renditions);

    /// <inheritdoc cref="Light"/>
    public static LiveSettings LightOf(RenditionCodec codec, params string[] renditions) => new()
    {
        Ladder = new LadderSettings { Renditions = [.. renditions.Select(name => RenditionPresets.Named(name, codec))] },
        Encoding = new EncodingSettings { Tier = EncodingTier.Draft },
        Ingest = new IngestSettings { Stall = TimeSpan.FromSeconds(5) },
        Hls = new HlsSettings { KeepEnded = TimeSpan.FromMinutes(10) },
    };

    /// <summary>Where a broadcast is published.</summary>
    public string IngestUrl(string broadcast, string query = "", string credentials = "") =>
        $"http://{(credentials.Length > 0 ? credentials + "@" : "")}{Address.Authority}/ingest/{broadcast}{query}";

    public async Task<JsonElement> StatsAsync(string path = "")
    {
        using JsonDocument stats = JsonDocument.Parse(await Client.GetStringAsync($"/stats{(path.Length > 0 ? "/" + path : "")}"));
        return stats.RootElement.Clone();
    }

    /// <summary>Waits until the broadcast's stats say that it is in the state.</summary>
    public Task UntilAsync(string broadcast, string state) => Patience.UntilAsync(
        async () => (await Client.GetAsync($"/stats/{broadcast}")).IsSuccessStatusCode
            && (await StatsAsync(broadcast)).GetProperty("state").GetString() == state,
        $"'{broadcast}' is {state}");

    /// <summary>What SIGTERM does to the program.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _output?.WriteLine(_log.Text);
        _log.Dispose();
    }
}
