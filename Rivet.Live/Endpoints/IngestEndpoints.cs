using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Pipeline;

namespace Rivet.Live.Endpoints;

/// <summary><c>/ingest/{broadcast}</c> and the objects below it: publishers in.</summary>
internal static class IngestEndpoints
{
    public static void MapIngest(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/ingest/{**path}", [HttpMethods.Put, HttpMethods.Post], IngestAsync);
        routes.MapMethods("/ingest/{**path}", [HttpMethods.Get, HttpMethods.Connect], IngestSocket.IngestAsync);
        routes.MapDelete("/ingest/{**path}", EndAsync);
    }

    private static async Task IngestAsync(HttpContext context, string? path, LivePipeline pipeline, KeyRing keys)
    {
        if (IngestRefusals.Of(path, keys.Judge(context, path), keys.IsLoopbackOnly) is { } refusal)
        {
            await context.RefuseAsync(refusal);
        }
        else if (context.Request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding && encoding != "identity")
        {
            await context.RefuseAsync(IngestRefusals.Compressed(encoding));
        }
        else if (context.Request.Query["record"] == "1" && pipeline.Plan.RecordingDirectory is null)
        {
            await context.RefuseAsync(IngestRefusals.RecordingOff);
        }
        else if (IngestPath.NamesAnObject(path))
        {
            await IngestObjects.IngestAsync(context, path, pipeline, keys);
        }
        else if (context.Request.ContentLength is not null)
        {
            await IngestObjects.IngestPieceAsync(context, BroadcastId.Parse(path!), pipeline, keys);
        }
        else
        {
            await IngestBodyAsync(context, BroadcastId.Parse(path!), pipeline, keys);
        }
    }

    private static async Task IngestBodyAsync(HttpContext context, BroadcastId id, LivePipeline pipeline, KeyRing keys)
    {
        IngestRequest.LiftKestrelLimits(context);
        using Publisher publisher = IngestRequest.PublisherOf(context, $"fmp4-{context.Request.Method.ToLowerInvariant()}", keys);
        (LiveBroadcast? broadcast, EnterRefusal? refused) = await pipeline.EnterAsync(
            id, publisher, IngestRequest.TakesOver(context), context.RequestAborted);
        if (broadcast is null)
        {
            await context.RefuseAsync(IngestRefusals.Of(refused!.Value, id, pipeline.Plan));
            return;
        }

        try
        {
            (IngestEndReason reason, IngestSession ingest) = await pipeline.IngestAsync(broadcast, publisher, context.Request.BodyReader);
            await context.AnswerAsync(id, reason, ingest, pipeline);
        }
        catch (IngestRejectedException rejected)
        {
            await context.RefuseAsync(IngestRefusals.Of(rejected));
        }
    }

    private static async Task EndAsync(HttpContext context, string? path, LivePipeline pipeline, OperatorGate gate, KeyRing keys)
    {
        if (IngestPath.NamesAnObject(path))
        {
            // Encoders clean up after themselves; there is nothing to clean up here.
            Problem? refusal = IngestRefusals.Of(keys.Judge(context, path), keys.IsLoopbackOnly);
            await (refusal is null ? Task.CompletedTask : context.RefuseAsync(refusal));
            return;
        }

        if (gate.RefusalOf(context) is { } operatorOnly)
        {
            await context.RefuseAsync(operatorOnly);
            return;
        }

        if (!BroadcastId.TryParse(path, out BroadcastId id) || pipeline.Find(id) is not { IsEnding: false } broadcast)
        {
            await context.RefuseAsync(Problem.Of(StatusCodes.Status404NotFound, "no-such-broadcast", $"No broadcast '{path}' is live; GET /stats lists those that are."));
            return;
        }

        gate.Note(context, "end", $"{id} is ended.", broadcast.Session.SessionId);
        await pipeline.EndAsync(broadcast);
    }
}
