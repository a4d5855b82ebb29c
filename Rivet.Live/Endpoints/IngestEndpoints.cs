using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Pipeline;

namespace Rivet.Live.Endpoints;

/// <summary><c>PUT</c>, <c>POST</c> and <c>DELETE /ingest/{broadcast}</c>: publishers in.</summary>
internal static class IngestEndpoints
{
    public static void MapIngest(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/ingest/{**path}", [HttpMethods.Put, HttpMethods.Post], IngestAsync);
        routes.MapDelete("/ingest/{**path}", EndAsync);
    }

    private static async Task IngestAsync(HttpContext context, string? path, LivePipeline pipeline, KeyRing keys)
    {
        if (RefusalOf(path, keys.Judge(context), keys.IsLoopbackOnly) is { } refusal)
        {
            await context.RefuseAsync(refusal);
            return;
        }

        bool records = context.Request.Query["record"] == "1";
        if (records && pipeline.Plan.RecordingDirectory is null)
        {
            await context.RefuseAsync(Problem.Of(
                StatusCodes.Status400BadRequest, "recording-off", "?record=1 wants this broadcast recorded, and the server has no Recording:Directory."));
            return;
        }

        BroadcastId id = BroadcastId.Parse(path!);
        LiftKestrelLimits(context);
        string remote = context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
        using var publisher = new Publisher(remote, $"fmp4-{context.Request.Method.ToLowerInvariant()}") { Records = records };
        bool takesOver = context.Request.Query["takeover"] == "1";
        (LiveBroadcast? broadcast, EnterRefusal? refused) = await pipeline.EnterAsync(id, publisher, takesOver, context.RequestAborted);
        if (broadcast is null)
        {
            await context.RefuseAsync(ProblemOf(refused!.Value, id, pipeline.Plan));
            return;
        }

        try
        {
            (IngestEndReason reason, IngestSession ingest) = await pipeline.IngestAsync(broadcast, publisher, context.Request.BodyReader);
            await AnswerAsync(context, id, reason, ingest, pipeline);
        }
        catch (IngestRejectedException rejected)
        {
            await context.RefuseAsync(Problem.Of(rejected.Reason.HttpStatus(), rejected.Reason.Word(), rejected.Message) with
            {
                OffsetBytes = rejected.OffsetBytes,
                Box = rejected.BoxPath.Length == 0 ? null : rejected.BoxPath,
            });
        }
    }

    private static async Task EndAsync(HttpContext context, string? path, LivePipeline pipeline, [FromKeyedServices("operator")] KeyRing operators, KeyRing keys)
    {
        if (IngestPath.NamesAnObject(path))
        {
            // Encoders clean up after themselves; there is nothing to clean up here.
            Problem? refusal = RefusalOf(keys.Judge(context), keys.IsLoopbackOnly);
            await (refusal is null ? Task.CompletedTask : context.RefuseAsync(refusal));
            return;
        }

        if (operators.Judge(context) is not KeyVerdict.Welcome and { } verdict)
        {
            await context.RefuseAsync(Problem.Of(
                verdict == KeyVerdict.Missing ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden,
                "operator-only",
                "Ending a broadcast is for operators: send a key of Operator:Keys, or, where none is configured, ask from the server's own machine."));
            return;
        }

        if (!BroadcastId.TryParse(path, out BroadcastId id) || pipeline.Find(id) is not { IsEnding: false } broadcast)
        {
            await context.RefuseAsync(Problem.Of(StatusCodes.Status404NotFound, "no-such-broadcast", $"No broadcast '{path}' is live; GET /stats lists those that are."));
            return;
        }

        await pipeline.EndAsync(broadcast);
    }

    /// <summary>What can be said before the body is read.</summary>
    private static Problem? RefusalOf(string? path, KeyVerdict verdict, bool isLoopbackOnly)
    {
        if (RefusalOf(verdict, isLoopbackOnly) is { } refusal)
        {
            return refusal;
        }

        if (!BroadcastId.TryParse(path, out _) && !IngestPath.NamesAnObject(path))
        {
            return Problem.Of(StatusCodes.Status400BadRequest, "bad-name", $"'{path}' is not a broadcast name: {BroadcastId.Rule}.");
        }

        return IngestPath.NamesAnObject(path)
            ? Problem.Of(
                StatusCodes.Status501NotImplemented,
                "dialect-not-supported",
                $"'{path}' names an object inside a broadcast; this version takes one long fragmented MP4 per broadcast, at /ingest/{{broadcast}}.")
            : null;
    }

    private static Problem? RefusalOf(KeyVerdict verdict, bool isLoopbackOnly) => verdict switch
    {
        KeyVerdict.Missing => Problem.Of(
            StatusCodes.Status401Unauthorized,
            "key-required",
            "Publishing needs a key of Ingest:Keys: as 'Authorization: Bearer KEY', as the password of Basic, or as ?key=KEY."),
        KeyVerdict.Wrong => Problem.Of(
            StatusCodes.Status403Forbidden,
            isLoopbackOnly ? "loopback-only" : "wrong-key",
            isLoopbackOnly
                ? "No key is configured, so only publishers on the server's own machine are accepted: set Ingest:Keys."
                : "The key is none of Ingest:Keys."),
        _ => null,
    };

    private static Problem ProblemOf(EnterRefusal refusal, BroadcastId broadcast, LivePlan plan) => refusal switch
    {
        EnterRefusal.Draining => Problem.Of(StatusCodes.Status503ServiceUnavailable, "draining", "The server is shutting down.", retryAfterSeconds: 10),
        EnterRefusal.NoCapacity => Problem.Of(
            StatusCodes.Status503ServiceUnavailable,
            "no-capacity",
            "The encoders have no room for another broadcast, and those that run are not to suffer (Ladder:Overload is refuse).",
            retryAfterSeconds: 10),
        EnterRefusal.TooManyBroadcasts => Problem.Of(
            StatusCodes.Status413PayloadTooLarge, "too-many-broadcasts", $"Ingest:MaxBroadcasts is {plan.BroadcastsMax} and as many are live."),
        _ => Problem.Of(
            StatusCodes.Status409Conflict,
            "already-published",
            $"Somebody else is publishing '{broadcast}'. Choose another name, or replace that publisher with ?takeover=1."),
    };

    /// <summary>Kestrel's 30 MB and 240 B/s do not fit a body that lasts for days; ours are in <see cref="IngestLimits"/> and Ingest:IdleSeconds.</summary>
    private static void LiftKestrelLimits(HttpContext context)
    {
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    private static async Task AnswerAsync(HttpContext context, BroadcastId id, IngestEndReason reason, IngestSession ingest, LivePipeline pipeline)
    {
        switch (reason)
        {
            case IngestEndReason.Finished:
                await context.Response.WriteAsJsonAsync(Receipt(id, ingest), LiveJson.Wire.IngestReceipt, contentType: null, context.RequestAborted);
                break;
            case IngestEndReason.Broken:
                await context.RefuseAsync(Problem.Of(
                    StatusCodes.Status400BadRequest,
                    "truncated",
                    $"The body ended inside a fragment, after {ingest.Bytes} bytes. The broadcast waits {pipeline.Plan.ReconnectWithin.TotalSeconds:0} s for its publisher."));
                break;
            case IngestEndReason.Idle:
                await context.RefuseAsync(Problem.Of(
                    StatusCodes.Status408RequestTimeout,
                    "idle",
                    $"Nothing came for {pipeline.Plan.IdleLimit.TotalSeconds:0} s (Ingest:IdleSeconds). Send shorter fragments, or raise the limit."));
                break;
            case IngestEndReason.TakenOver:
                await context.RefuseAsync(Problem.Of(StatusCodes.Status409Conflict, "taken-over", "Another publisher took this broadcast over."));
                break;
            case IngestEndReason.Closed:
                await context.RefuseAsync(pipeline.IsAccepting
                    ? Problem.Of(StatusCodes.Status409Conflict, "ended-by-operator", "An operator ended this broadcast.")
                    : Problem.Of(StatusCodes.Status503ServiceUnavailable, "draining", "The server is shutting down.", retryAfterSeconds: 10));
                break;
        }
    }

    private static IngestReceipt Receipt(BroadcastId id, IngestSession ingest) => new(
        id.ToString(),
        ingest.Bytes,
        ingest.Fragments,
        Math.Round(ingest.DurationSeconds, 3),
        [.. ingest.Tracks.Select(static track => new IngestReceiptTrack(
            track.Kind.ToString().ToLowerInvariant(),
            track.Codec,
            track.Width > 0 ? track.Width : null,
            track.Height > 0 ? track.Height : null,
            track.SampleRate > 0 ? track.SampleRate : null,
            track.Channels > 0 ? track.Channels : null))]);
}
