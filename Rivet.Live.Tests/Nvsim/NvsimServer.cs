using System.Text.Json;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Nvsim;

/// <summary>The server as a process of its own on simulated cards, and a broadcast of small pictures that it makes a ladder of.</summary>
internal sealed class NvsimServer : IAsyncDisposable
{
    private readonly ServerProcess _process;
    private readonly ITestOutputHelper _output;
    private readonly HttpClient _client;

    private NvsimServer(ServerProcess process, Uri address, ITestOutputHelper output)
    {
        _process = process;
        _output = output;
        _client = new HttpClient { BaseAddress = address, Timeout = Patience.Long };
        Player = new HlsClient(_client);
    }

    public HlsClient Player { get; }

    /// <param name="machine">Its cards.</param>
    /// <param name="output">Where the log goes at the end.</param>
    /// <param name="heights">Of the renditions.</param>
    /// <param name="options">Of the command line, beside those of a light ladder on NVIDIA's cards.</param>
    public static async Task<NvsimServer> StartAsync(NvsimMachine machine, ITestOutputHelper output, int[] heights, params string[] options)
    {
        IEnumerable<string> ladder = heights.SelectMany(static (height, index) => (string[])
        [
            $"--Ladder:Renditions:{index}:Name={height}p",
            $"--Ladder:Renditions:{index}:Height={height}",
            $"--Ladder:Renditions:{index}:VideoBitrateBps={height * 1500}",
        ]);
        string[] arguments = ["--urls=http://127.0.0.1:0", "--Encoding:Policy=family:nvidia", "--Encoding:Tier=draft", "--Ingest:StallSeconds=15", "--Hls:KeepEndedSeconds=600", .. ladder, .. options];
        ServerProcess process = ServerProcess.Start(arguments, machine.Environment);
        try
        {
            return new NvsimServer(process, await process.WaitUntilReadyAsync(), output);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>320x180 in real time, a keyframe each second.</summary>
    public FfmpegPublisher Publish(int seconds) => Publish(seconds, feed: null);

    /// <summary>The same, for as long as the test wants.</summary>
    public EndlessBroadcast PublishEndless()
    {
        TaskCompletionSource end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        FfmpegPublisher publisher = Publish(seconds: 600, async input =>
        {
            await end.Task;
            await input.WriteAsync("q"u8.ToArray());
        });
        return new EndlessBroadcast(publisher, end);
    }

    private FfmpegPublisher Publish(int seconds, Func<Stream, Task>? feed) => FfmpegPublisher.Start(
        $"{FfmpegPublisher.Programme("320x180", "25", seconds, gop: 25)} {FfmpegPublisher.ShortFragments} {_client.BaseAddress}ingest/live/a", _output, feed);

    public async Task<JsonElement> StatsAsync(string path = "")
    {
        using JsonDocument stats = JsonDocument.Parse(await _client.GetStringAsync($"/stats{path}"));
        return stats.RootElement.Clone();
    }

    /// <summary>One rendition's stats.</summary>
    public Task<JsonElement> RenditionAsync(string rendition) => StatsAsync($"/live/a/{rendition}");

    public Task UntilRenditionAsync(string rendition, Func<JsonElement, bool> condition, string description) => Patience.UntilAsync(
        async () => (await _client.GetAsync($"/stats/live/a/{rendition}")).IsSuccessStatusCode && condition(await RenditionAsync(rendition)),
        $"{rendition}: {description}");

    /// <summary>Waits for the end of the broadcast, and requires every picture of the source in a rendition, once and without a warning.</summary>
    public async Task RequireWholeAsync(string rendition)
    {
        using TemporaryFolder folder = new();
        IReadOnlyList<DecodedFrame> source = await DecodeAsync("source", folder);
        IReadOnlyList<DecodedFrame> pictures = await DecodeAsync(rendition, folder);
        Assert.NotEmpty(source);
        Assert.Equal(source.Select(static picture => picture.Time), pictures.Select(static picture => picture.Time));
    }

    private async Task<IReadOnlyList<DecodedFrame>> DecodeAsync(string track, TemporaryFolder folder)
    {
        MasterPlaylist master = await Player.MasterAsync("live/a");
        MediaPlaylist playlist = await Player.EndedAsync(master.PlaylistOf(track));
        Assert.DoesNotContain(playlist.Segments, static segment => segment.IsGap);
        string path = folder.PathOf($"{track}.mp4");
        await Player.DownloadAsync(playlist.Segments, path);
        await MediaFile.RequireCleanAsync(path);
        return await MediaFile.FramesAsync(path);
    }

    /// <summary>What a service supervisor does, so that everything is closed.</summary>
    public async Task StopAsync()
    {
        await _process.SendTerminateAsync();
        Assert.Equal(0, await _process.WaitForExitAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
        _output.WriteLine(_process.Errors);
    }
}
