using System.Net.Sockets;
using Rivet.Live.Configuration;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Live;

/// <summary>What strangers send: none of it is taken, none of it is an error of ours, and the next publisher is served as before.</summary>
[Collection(LiveTests.Name)]
public sealed class HostileTests(ITestOutputHelper output)
{
    private const int Connections = 300;

    /// <summary>Request heads that mean different things to different readers, and bodies that lie about their length.</summary>
    public static TheoryData<string, string> Shapes => new()
    {
        { "two lengths", "POST /ingest/live/a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde" },
        { "negative length", "POST /ingest/live/a HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n" },
        { "length with a sign", "POST /ingest/live/a HTTP/1.1\r\nHost: x\r\nContent-Length: +4\r\n\r\nabcd" },
        { "chunked twice removed", "POST /ingest/live/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" },
        { "unknown coding", "POST /ingest/live/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" },
        { "chunk size of words", "POST /ingest/live/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n" },
        { "chunk size beyond all bounds", "POST /ingest/live/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nabc\r\n" },
        { "no host", "POST /ingest/live/a HTTP/1.1\r\nContent-Length: 8\r\n\r\nabcdefgh" },
        { "blank before the colon", "POST /ingest/live/a HTTP/1.1\r\nHost: x\r\nContent-Length : 4\r\n\r\nabcd" },
        { "a header that goes on", "POST /ingest/live/a HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\nContent-Length: 8\r\n\r\nabcdefgh" },
        { "a zero in a header", "POST /ingest/live/a HTTP/1.1\r\nHost: x\r\nX-A: b\0c\r\nContent-Length: 8\r\n\r\nabcdefgh" },
        { "up and out", "POST /ingest/../../etc/passwd HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nabcdefgh" },
        { "up and out, escaped", "POST /ingest/live/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nabcdefgh" },
        { "escaped slashes", "POST /ingest/live%2Fa%2F..%2Finit.mp4 HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nabcdefgh" },
        { "a zero in the path", "POST /ingest/live/a%00.mp4 HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nabcdefgh" },
        { "a back slash", "POST /ingest/live/a%5Cb.mp4 HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nabcdefgh" },
        { "an object of no broadcast", "PUT /ingest/init.mp4 HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nabcdefgh" },
        { "a stream of no name", "PUT /ingest/live/a/Streams() HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nabcdefgh" },
        { "compressed", "POST /ingest/live/a HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 8\r\n\r\nabcdefgh" },
        { "no HTTP", "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Request_OfAnOddShape_IsRefusedAndClosed(string name, string request)
    {
        await using LiveServerHost host = await LiveServerHost.StartAsync(LiveServerHost.Light(), output: null);

        string answer = await SendAsync(host, request);

        output.WriteLine($"{name}: {answer}");
        Assert.Matches(@"\AHTTP/1\.1 4\d\d ", answer);
        Assert.DoesNotContain("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Error", host.Log, StringComparison.Ordinal);
        Assert.Equal(0, (await host.StatsAsync()).GetProperty("broadcasts").GetArrayLength());
    }

    /// <summary>Of two lengths the chunks count, and the connection ends there: what stands behind is not read as a request.</summary>
    [Fact]
    public async Task Request_WithBothLengths_IsTheLastOfItsConnection()
    {
        await using LiveServerHost host = await LiveServerHost.StartAsync(LiveServerHost.Light(), output: null);

        string answer = await SendAsync(
            host, "POST /ingest/live/a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /stats HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal(1, answer.Split("HTTP/1.1 ").Length - 1);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
    }

    /// <summary>Heads that never end, bodies that never begin, connections that say nothing: a broadcast among them is whole.</summary>
    [Fact]
    public async Task Connections_ThatHang_KeepNobodyFromPublishing()
    {
        byte[] body = await RecordedPush.FragmentedAsync(4);
        await using LiveServerHost host = await LiveServerHost.StartAsync(
            LiveServerHost.Light() with { Ladder = new LadderSettings { Renditions = [] } }, output);
        List<TcpClient> crowd = [];
        try
        {
            for (int number = 0; number < Connections; number++)
            {
                TcpClient connection = new();
                await connection.ConnectAsync(host.Address.Host, host.Address.Port);
                crowd.Add(connection);
                string begun = (number % 3) switch
                {
                    0 => "",
                    1 => "POST /ingest/live/x HTTP/1.1\r\nHost: x\r\nX-Slow: ",
                    _ => $"PUT /ingest/live/crowd/Streams(t{number % 7}) HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
                };
                await connection.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(begun));
            }

            using RawPush push = await RawPush.BeginAsync(host.Address, "/ingest/live/a");
            foreach (byte[] piece in body.Chunk(4096))
            {
                await push.SendAsync(piece);
            }

            await push.FinishAsync();
            RawAnswer answer = await push.ReadToEndAsync();

            Assert.Equal(200, answer.Status);
            Assert.Equal(body.Length, answer.Body.GetProperty("bytes").GetInt64());
            Assert.NotEmpty((await host.Player.MasterAsync("live/a")).Playlists);
        }
        finally
        {
            crowd.ForEach(static connection => connection.Dispose());
        }
    }

    /// <summary>All that the server says until it closes. It is not told that nothing follows: Kestrel takes that for a client that has gone.</summary>
    private static async Task<string> SendAsync(LiveServerHost host, string request)
    {
        using TcpClient connection = new();
        await connection.ConnectAsync(host.Address.Host, host.Address.Port);
        NetworkStream stream = connection.GetStream();
        await stream.WriteAsync(System.Text.Encoding.Latin1.GetBytes(request));
        using CancellationTokenSource patience = new(Patience.Long);
        MemoryStream received = new();
        try
        {
            await stream.CopyToAsync(received, patience.Token);
        }
        catch (IOException)
        {
            // By design: what is left unread resets the connection behind the answer.
        }

        return System.Text.Encoding.Latin1.GetString(received.ToArray());
    }
}
