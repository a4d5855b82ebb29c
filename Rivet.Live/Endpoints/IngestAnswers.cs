using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Pipeline;

namespace Rivet.Live.Endpoints;

/// <summary>What publishers are told at the end of a body.</summary>
internal static class IngestAnswers
{
    public static Task AnswerAsync(this HttpContext context, BroadcastId id, IngestEndReason reason, IngestSession ingest, LivePipeline pipeline) =>
        IngestRefusals.Of(reason, ingest, pipeline) is { } problem
            ? context.RefuseAsync(problem)
            : context.Response.WriteAsJsonAsync(ReceiptOf(id, ingest), LiveJson.Wire.IngestReceipt, contentType: null, context.RequestAborted);

    public static IngestReceipt ReceiptOf(BroadcastId id, IngestSession ingest) => new(
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
