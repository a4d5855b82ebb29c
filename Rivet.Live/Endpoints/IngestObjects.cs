using System.IO.Pipelines;
using System.Net.Http.Headers;
using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Pipeline;

namespace Rivet.Live.Endpoints;

/// <summary>Publishers that send many requests: a track each, a segment each, or a piece each.</summary>
internal static class IngestObjects
{
    /// <summary><c>/ingest/{broadcast}/{object}</c>.</summary>
    public static async Task IngestAsync(HttpContext context, string path, LivePipeline pipeline, KeyRing keys)
    {
        if (!IngestPath.TrySplit(path, id => pipeline.Find(id)?.Point.Publisher?.Objects is not null, out BroadcastId broadcast, out ObjectName? name))
        {
            await context.RefuseAsync(IngestRefusals.BadName(
                path, $"is no object inside a broadcast: the broadcast's name is {BroadcastId.Rule}; the object's is {ObjectName.Rule}"));
            return;
        }

        if (name.IsManifest)
        {
            await TakeManifestAsync(context, broadcast, name, pipeline, keys);
            return;
        }

        Publisher newcomer = IngestRequest.PublisherOf(context, name.IsStream ? "cmaf-streams" : "cmaf-segments", keys);
        await TakeAsync(context, broadcast, name, from: null, newcomer, static _ => true, pipeline);
    }

    /// <summary>
    /// <c>/ingest/{broadcast}</c> with a Content-Length: all of a file, or a piece of a stream that goes on in the next request, as GStreamer's
    /// sinks send one.
    /// </summary>
    public static async Task IngestPieceAsync(HttpContext context, BroadcastId broadcast, LivePipeline pipeline, KeyRing keys)
    {
        ContentRangeHeaderValue? range = ContentRangeHeaderValue.TryParse(context.Request.Headers.ContentRange.ToString(), out ContentRangeHeaderValue? parsed) ? parsed : null;
        Publisher newcomer = IngestRequest.PublisherOf(context, "fmp4-pieces", keys);
        await TakeAsync(
            context, broadcast, ObjectName.Whole, range?.From, newcomer, there => there.Dialect == newcomer.Dialect && IngestRequest.IsOf(context, there), pipeline);
    }

    private static async Task TakeAsync(
        HttpContext context, BroadcastId id, ObjectName name, long? from, Publisher newcomer, Func<Publisher, bool> mayJoin, LivePipeline pipeline)
    {
        IngestRequest.LiftKestrelLimits(context);
        bool takesOver = IngestRequest.TakesOver(context);
        (LiveBroadcast? broadcast, ObjectPublisher? objects, EnterRefusal? refused) = await pipeline.EnterObjectsAsync(
            id, newcomer, there => mayJoin(there) && (!takesOver || IngestRequest.IsOf(context, there)), takesOver, context.RequestAborted);
        if (broadcast is null || objects is null)
        {
            await context.RefuseAsync(IngestRefusals.Of(refused!.Value, id, pipeline.Plan));
            return;
        }

        IngestEndReason reason = IngestEndReason.Rejected;
        try
        {
            (reason, IngestSession ingest) = await objects.TakeAsync(broadcast.Point, name, context.Request.BodyReader, from, pipeline.Plan.IngestLimits.Idle);
            objects.EndBody(reason);
            await context.AnswerAsync(id, reason, ingest, pipeline);
        }
        catch (IngestRejectedException rejected)
        {
            pipeline.NoteRejected(id, rejected);
            objects.EndBody(reason);
            await context.RefuseAsync(IngestRefusals.Of(rejected));
        }
    }

    /// <summary>Manifests group objects and say when a broadcast is over; one that says so begins none.</summary>
    private static async Task TakeManifestAsync(HttpContext context, BroadcastId id, ObjectName name, LivePipeline pipeline, KeyRing keys)
    {
        int bytesMax = pipeline.Plan.IngestLimits.MaxManifestBytes;
        if (await ReadAsync(context.Request.BodyReader, bytesMax, context.RequestAborted) is not { } bytes)
        {
            await context.RefuseAsync(Problem.Of(
                StatusCodes.Status413PayloadTooLarge, "manifest-too-large", $"'{name}' has more than {bytesMax} bytes, the most that is read of a manifest."));
            return;
        }

        PushedManifest manifest = PushedManifest.Read(bytes);
        if (manifest.IsOver)
        {
            if (pipeline.JoinObjects(id, static _ => true) is var (_, live))
            {
                live.Take(name, manifest);
                live.EndBody(IngestEndReason.Finished);
            }

            return;
        }

        Publisher newcomer = IngestRequest.PublisherOf(context, "dash-objects", keys);
        (_, ObjectPublisher? objects, EnterRefusal? refused) = await pipeline.EnterObjectsAsync(
            id, newcomer, static _ => true, IngestRequest.TakesOver(context), context.RequestAborted);
        if (objects is null)
        {
            await context.RefuseAsync(IngestRefusals.Of(refused!.Value, id, pipeline.Plan));
            return;
        }

        objects.Take(name, manifest);
        objects.EndBody(IngestEndReason.Finished);
    }

    private static async Task<byte[]?> ReadAsync(PipeReader body, int bytesMax, CancellationToken aborted)
    {
        using MemoryStream bytes = new();
        while (true)
        {
            ReadResult read = await body.ReadAsync(aborted);
            foreach (ReadOnlyMemory<byte> piece in read.Buffer)
            {
                await bytes.WriteAsync(piece, aborted);
            }

            body.AdvanceTo(read.Buffer.End);
            if (bytes.Length > bytesMax)
            {
                return null;
            }

            if (read.IsCompleted)
            {
                return bytes.ToArray();
            }
        }
    }
}
