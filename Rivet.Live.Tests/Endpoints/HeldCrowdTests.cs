using System.Net;
using System.Net.Sockets;
using Rivet.Live.Configuration;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Endpoints;

/// <summary>Many viewers at once: on one connection, gone before their answer, or too slow to play.</summary>
public sealed class HeldCrowdTests
{
    private const string NextPart = "playlist.m3u8?_HLS_msn=5&_HLS_part=1";

    [Fact]
    public async Task Reloads_HeldOnOneHttp2Connection_AreAllAnsweredWithTheSameBytes()
    {
        const int crowd = 300;
        using LiveDemo demo = new(new ListenSettings { Urls = ["https://127.0.0.1:0"], DevTls = true });
        await demo.InitializeAsync();
        using HttpClient viewers = LiveDemo.NewClient();
        viewers.BaseAddress = demo.Client.BaseAddress;
        viewers.DefaultRequestVersion = HttpVersion.Version20;
        viewers.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        long before = await demo.ViewersAsync("blockedNow");
        Task<HttpResponseMessage>[] held = [.. Enumerable.Range(0, crowd).Select(_ => viewers.GetAsync(LiveDemo.Relative(demo.Track + NextPart)))];
        await Eventually.TrueAsync(async () => await demo.ViewersAsync("blockedNow") == before + crowd, "all are held");

        await demo.Body.Writer.WriteAsync(SyntheticBody.Part(4520, 12));

        HttpResponseMessage[] answers = await Task.WhenAll(held).WaitAsync(Eventually.Patience);
        string[] texts = await Task.WhenAll(answers.Select(static answer => answer.Content.ReadAsStringAsync()));
        Assert.All(answers, static answer => Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (answer.StatusCode, answer.Version)));
        Assert.Single(texts.Distinct());
        Assert.Equal(before, await demo.ViewersAsync("blockedNow"));
        await demo.DisposeAsync();
    }

    [Fact]
    public async Task Viewers_ThatGoAwayWhileTheyAreHeld_LeaveNothingBehind()
    {
        const int crowd = 200;
        using LiveDemo demo = new();
        await demo.InitializeAsync();
        string hint = (await demo.PlaylistAsync("")).Split('\n').Single(static line => line.StartsWith("#EXT-X-PRELOAD-HINT", StringComparison.Ordinal)).Split('"')[1];
        using CancellationTokenSource goes = new();
        Task[] held = [.. Enumerable.Range(0, crowd).Select(
            index => demo.Client.GetAsync(LiveDemo.Relative(demo.Track + (index % 2 == 0 ? NextPart : hint)), goes.Token))];
        await Eventually.TrueAsync(async () => await demo.ViewersAsync("blockedNow") == crowd, "all are held");

        await goes.CancelAsync();

        await Task.WhenAll(held.Select(static task => Assert.ThrowsAnyAsync<OperationCanceledException>(() => task)));
        await Eventually.TrueAsync(async () => await demo.ViewersAsync("blockedNow") == 0, "nobody is held");
        await demo.DisposeAsync();
    }

    /// <summary>Takes as long as the server bears with such a reader, ten seconds, in which nothing is done.</summary>
    [Fact]
    public async Task Viewer_ThatAsksAndDoesNotRead_IsCutOff()
    {
        using LiveDemo demo = new();
        await demo.InitializeAsync();
        using Socket viewer = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await viewer.ConnectAsync(IPAddress.Loopback, demo.Client.BaseAddress!.Port);
        byte[] requests = System.Text.Encoding.ASCII.GetBytes(string.Concat(
            Enumerable.Repeat($"GET {demo.Track}playlist.m3u8 HTTP/1.1\r\nHost: localhost\r\n\r\n", 100)));

        async Task AskForEverAsync()
        {
            while (true)
            {
                await viewer.SendAsync(requests);
            }
        }

        await Assert.ThrowsAsync<SocketException>(() => AskForEverAsync().WaitAsync(Eventually.Patience));
        await demo.DisposeAsync();
    }
}
