using System.Text.Json;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Pipeline;
using Rivet.Live.Core.Stats;

namespace Rivet.Live.Endpoints;

/// <summary><c>POST /stats/beacon</c>: a player reports what its viewer gets. Always 204 for a report that can be read, counted or not.</summary>
internal static class BeaconEndpoints
{
    private const int BytesMax = 1024;

    private const double LatencySecondsMax = 600;

    public static void MapBeacon(this IEndpointRouteBuilder routes) => routes.MapPost("/stats/beacon", TakeAsync);

    private static async Task TakeAsync(HttpContext context, LivePipeline pipeline, PlayerReports reports)
    {
        if (await ReadAsync(context.Request, context.RequestAborted) is not { LatencySeconds: null or (>= 0 and <= LatencySecondsMax), Stalls: >= 0 and < 1000 } report)
        {
            await context.RefuseAsync(Problem.Of(
                StatusCodes.Status400BadRequest,
                "bad-beacon",
                $"A beacon is JSON of at most {BytesMax} bytes: {{\"broadcast\":\"live/demo\",\"latencySeconds\":1.2,\"stalls\":0}}, with 0 to {LatencySecondsMax} s and fewer than 1000 stalls."));
            return;
        }

        if (BroadcastId.TryParse(report.Broadcast, out BroadcastId id) && pipeline.Find(id) is { IsEnding: false } broadcast)
        {
            reports.Note(broadcast.Session.SessionId, report.LatencySeconds, report.Stalls);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task<PlayerBeacon?> ReadAsync(HttpRequest request, CancellationToken aborted)
    {
        byte[] bytes = new byte[BytesMax + 1];
        int length = await request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, aborted);
        try
        {
            return length > BytesMax ? null : JsonSerializer.Deserialize(bytes.AsSpan(0, length), LiveJson.Wire.PlayerBeacon);
        }
        catch (JsonException)
        {
            // By design: null is the answer for what cannot be read, and the refusal says what can.
            return null;
        }
    }
}

/// <summary>What a player reports.</summary>
internal sealed record PlayerBeacon(string Broadcast, double? LatencySeconds, int Stalls);
