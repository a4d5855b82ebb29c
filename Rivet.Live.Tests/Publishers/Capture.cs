using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text.Json;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Publishers;

/// <summary>What a real encoder put on the wire, sent again: the same requests with the same headers, their bodies cut anew.</summary>
internal sealed class Capture
{
    private readonly List<CaptureLine> _lines;

    private Capture(List<CaptureLine> lines) => _lines = lines;

    public static Capture Read(string name)
    {
        JsonSerializerOptions lenient = new(JsonSerializerDefaults.Web);
        string text = Repository.Read($"Rivet.Live.Tests/Publishers/captures/{name}.jsonl");
        return new Capture([.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<CaptureLine>(line, lenient)!)]);
    }

    /// <summary>Lets each of a track's fragments but the first begin earlier, and so before the one in front of it ends.</summary>
    /// <param name="trackId">The encoder's number for the track, all of whose moofs are whole in a piece.</param>
    /// <param name="ticks">By how much more than the one before.</param>
    public void MoveBack(uint trackId, uint ticks)
    {
        uint moved = 0;
        foreach (byte[] piece in _lines.Select(static line => line.Data).OfType<byte[]>())
        {
            Span<byte> rest = piece;
            for (int at = rest.IndexOf("tfhd"u8); at >= 0; at = rest.IndexOf("tfhd"u8))
            {
                rest = rest[(at + 4)..];
                if (BinaryPrimitives.ReadUInt32BigEndian(rest[4..]) == trackId)
                {
                    // Version 1, and nobody records for days.
                    Span<byte> time = rest[(rest.IndexOf("tfdt"u8) + 12)..];
                    BinaryPrimitives.WriteUInt32BigEndian(time, BinaryPrimitives.ReadUInt32BigEndian(time) - moved);
                    moved += ticks;
                }
            }
        }

        Assert.True(moved > ticks, $"Track {trackId} has one fragment or none.");
    }

    /// <summary>Sends everything, as fast as it is taken; every request must be answered with success.</summary>
    /// <param name="server">Where.</param>
    /// <param name="broadcast">Under this name.</param>
    /// <param name="pieceBytes">Bodies of unknown length go out in pieces of at most so many bytes.</param>
    public async Task ReplayAsync(LiveServerHost server, string broadcast, int pieceBytes)
    {
        using HttpClient client = new() { Timeout = Patience.Long };
        Dictionary<int, Request> open = [];
        foreach (CaptureLine line in _lines)
        {
            if (line.Method == "GET")
            {
                await ReplaySocketAsync(server, broadcast);
                return;
            }

            if (line.Method is not null)
            {
                // Encoders send the next request's head without waiting for the answer; a server reads one after the other.
                foreach ((int number, Request before) in open.Where(entry => entry.Value.Connection == line.Connection).ToList())
                {
                    open.Remove(number);
                    await before.EndAsync();
                }

                open.Add(line.Request, new Request(client, line, server.IngestUrl(broadcast) + line.Path));
            }
            else if (line.Data is not null)
            {
                await open[line.Request].WriteAsync(line.Data, pieceBytes);
            }
            else if (open.Remove(line.Request, out Request? request))
            {
                await request.EndAsync();
            }
        }

        // Where the encoder was gone before its answer was.
        foreach (Request request in open.Values)
        {
            await request.EndAsync();
        }
    }

    private async Task ReplaySocketAsync(LiveServerHost server, string broadcast)
    {
        using ClientWebSocket socket = new();
        await socket.ConnectAsync(new Uri(server.IngestUrl(broadcast).Replace("http://", "ws://", StringComparison.Ordinal)), CancellationToken.None);
        foreach (byte[] message in _lines.Select(static line => line.Data).OfType<byte[]>())
        {
            await socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    /// <summary>One request that is under way.</summary>
    private sealed class Request
    {
        private readonly CaptureLine _head;
        private readonly Pipe _body = new(new PipeOptions(pauseWriterThreshold: 0));
        private readonly List<byte> _whole = [];
        private readonly Func<HttpContent, Task<HttpResponseMessage>> _send;
        private readonly Task<HttpResponseMessage>? _answer;

        public Request(HttpClient client, CaptureLine head, string url)
        {
            _head = head;
            _send = content =>
            {
                HttpRequestMessage request = new(new HttpMethod(head.Method!), url) { Content = content };
                foreach ((string name, string value) in head.Headers!.Where(static header => header.Key is not ("content-length" or "transfer-encoding")))
                {
                    _ = request.Headers.TryAddWithoutValidation(name, value) || content.Headers.TryAddWithoutValidation(name, value);
                }

                return client.SendAsync(request);
            };
            _answer = IsOfKnownLength ? null : _send(new PipedContent(_body.Reader));
        }

        public int? Connection => _head.Connection;

        private bool IsOfKnownLength => _head.Headers!.ContainsKey("content-length");

        public async Task WriteAsync(byte[] bytes, int pieceBytes)
        {
            if (IsOfKnownLength)
            {
                _whole.AddRange(bytes);
                return;
            }

            foreach (byte[] piece in bytes.Chunk(pieceBytes))
            {
                await _body.Writer.WriteAsync(piece);
            }
        }

        public async Task EndAsync()
        {
            await _body.Writer.CompleteAsync();
            using HttpResponseMessage answer = await (_answer ?? _send(new ByteArrayContent([.. _whole])));
            Assert.True(answer.IsSuccessStatusCode, $"{_head.Method} {_head.Path} was answered with {answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
    }
}
