using System.Buffers;
using System.Text.Json;
using Rivet.Live.Core.Stats;

namespace Rivet.Live.Endpoints;

/// <summary><c>GET /stats/events</c>: the snapshot of each second as a server-sent event, written once for all who follow.</summary>
internal sealed class StatsEventFeed(StatsWatch watch, IHostApplicationLifetime lifetime)
{
    private Frame? _last;

    public async Task SendAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";

        // nginx would gather events until its buffer is full.
        response.Headers["X-Accel-Buffering"] = "no";
        using CancellationTokenSource gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            StatsMoment moment = watch.Current;
            await response.BodyWriter.WriteAsync("retry: 1000\n\n"u8.ToArray(), gone.Token);
            while (true)
            {
                await response.BodyWriter.WriteAsync(BytesOf(moment), gone.Token);
                moment = await moment.Next.WaitAsync(gone.Token);
            }
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // By design: whoever follows goes away sooner or later, or the server does.
        }
    }

    private byte[] BytesOf(StatsMoment moment)
    {
        Frame? last = Volatile.Read(ref _last);
        if (last?.Moment != moment)
        {
            last = new Frame(moment, Write(moment.Stats));
            Volatile.Write(ref _last, last);
        }

        return last.Bytes;
    }

    private static byte[] Write(LiveStats stats)
    {
        ArrayBufferWriter<byte> bytes = new();
        bytes.Write("event: stats\ndata: "u8);
        using (Utf8JsonWriter json = new(bytes, new JsonWriterOptions { Encoder = LiveJson.Wire.Options.Encoder }))
        {
            JsonSerializer.Serialize(json, stats, LiveJson.Wire.LiveStats);
        }

        bytes.Write("\n\n"u8);
        return bytes.WrittenSpan.ToArray();
    }

    private sealed record Frame(StatsMoment Moment, byte[] Bytes);
}
