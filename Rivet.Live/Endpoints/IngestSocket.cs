using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text.Json;
using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Pipeline;

namespace Rivet.Live.Endpoints;

/// <summary><c>GET /ingest/{broadcast}</c> with <c>Upgrade: websocket</c>: one long fragmented MP4 in binary messages, as a browser's MediaRecorder gives it.</summary>
internal static class IngestSocket
{
    private const int PieceBytes = 16 * 1024;

    /// <summary>A close frame has room for so many bytes of reason (RFC 6455 5.5).</summary>
    private const int CloseReasonBytesMax = 123;

    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    public static async Task IngestAsync(HttpContext context, string? path, LivePipeline pipeline, KeyRing keys)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Allow = "PUT, POST, DELETE";
            await context.RefuseAsync(Problem.Of(
                StatusCodes.Status405MethodNotAllowed, "not-a-websocket", "GET is for WebSockets here: push with PUT or POST, or send 'Upgrade: websocket'. Playback is at /hls."));
            return;
        }

        Problem? refusal = IngestRefusals.Of(path, keys.Judge(context, path), keys.IsLoopbackOnly)
            ?? (IngestPath.NamesAnObject(path) ? IngestRefusals.BadName(path, "names an object: a WebSocket carries a whole broadcast") : null);
        if (refusal is not null)
        {
            await context.RefuseAsync(refusal);
            return;
        }

        BroadcastId id = BroadcastId.Parse(path!);
        using Publisher publisher = IngestRequest.PublisherOf(context, "fmp4-websocket", keys);
        (LiveBroadcast? broadcast, EnterRefusal? refused) = await pipeline.EnterAsync(
            id, publisher, IngestRequest.TakesOver(context), context.RequestAborted);
        if (broadcast is null)
        {
            await context.RefuseAsync(IngestRefusals.Of(refused!.Value, id, pipeline.Plan));
            return;
        }

        await RunAsync(context, id, broadcast, publisher, pipeline);
    }

    private static async Task RunAsync(HttpContext context, BroadcastId id, LiveBroadcast broadcast, Publisher publisher, LivePipeline pipeline)
    {
        int bytesMax = pipeline.Plan.IngestLimits.MaxSocketBytes;
        Pipe body = new(new PipeOptions(pauseWriterThreshold: bytesMax, resumeWriterThreshold: bytesMax / 2));
        var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        Task<WebSocket> accepting = context.WebSockets.AcceptWebSocketAsync();
        Task receiving = ReceiveAsync(accepting, body.Writer, over.Token);
        byte[] answer;
        WebSocketCloseStatus status = WebSocketCloseStatus.PolicyViolation;
        try
        {
            (IngestEndReason reason, IngestSession ingest) = await pipeline.IngestAsync(broadcast, publisher, body.Reader);
            Problem? problem = IngestRefusals.Of(reason, ingest, pipeline);
            status = problem is null ? WebSocketCloseStatus.NormalClosure : status;
            answer = problem is null
                ? JsonSerializer.SerializeToUtf8Bytes(IngestAnswers.ReceiptOf(id, ingest), LiveJson.Wire.IngestReceipt)
                : JsonSerializer.SerializeToUtf8Bytes(problem, LiveJson.Wire.Problem);
        }
        catch (IngestRejectedException rejected)
        {
            answer = JsonSerializer.SerializeToUtf8Bytes(IngestRefusals.Of(rejected), LiveJson.Wire.Problem);
        }

        // The receiver may wait for room in the pipe; what still comes is nobody's.
        await body.Reader.CompleteAsync();
        WebSocket? socket = accepting.IsCompletedSuccessfully ? await accepting : null;
        if (socket is not null)
        {
            await CloseAsync(socket, status, answer, pipeline.Time);
            await Task.WhenAny(receiving, Task.Delay(CloseLimit, pipeline.Time, over.Token));
        }

        await over.CancelAsync();
        await receiving;
        over.Dispose();
        socket?.Dispose();
    }

    private static async Task ReceiveAsync(Task<WebSocket> accepting, PipeWriter body, CancellationToken over)
    {
        Exception? broken = null;
        try
        {
            WebSocket socket = await accepting;
            while (true)
            {
                ValueWebSocketReceiveResult received = await socket.ReceiveAsync(body.GetMemory(PieceBytes), over);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                if (received.MessageType == WebSocketMessageType.Text)
                {
                    broken = new IngestRejectedException(
                        IngestRejectReason.NotBinary, "a text message came; the bytes of the stream travel in binary messages.", 0, string.Empty);
                    break;
                }

                body.Advance(received.Count);
                if ((await body.FlushAsync(over)).IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or IOException)
        {
            broken = new IOException("The WebSocket broke.", gone);
        }

        await body.CompleteAsync(broken);
    }

    /// <summary>Says the answer in a last message, and why it closes in the close frame, which is all that a page sees without asking.</summary>
    private static async Task CloseAsync(WebSocket socket, WebSocketCloseStatus status, byte[] answer, TimeProvider time)
    {
        if (socket is not { State: WebSocketState.Open or WebSocketState.CloseReceived })
        {
            return;
        }

        using CancellationTokenSource limit = new(CloseLimit, time);
        try
        {
            await socket.SendAsync(answer, WebSocketMessageType.Text, endOfMessage: true, limit.Token);
            await socket.CloseOutputAsync(status, ReasonOf(answer), limit.Token);
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException)
        {
            // By design: whoever has gone needs no answer.
        }
    }

    private static string ReasonOf(byte[] answer)
    {
        using JsonDocument json = JsonDocument.Parse(answer);
        string reason = json.RootElement.TryGetProperty("reason", out JsonElement word) ? word.GetString()! : "ended";
        return reason[..Math.Min(reason.Length, CloseReasonBytesMax)];
    }
}
