using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Pipeline;

namespace Rivet.Live.Endpoints;

/// <summary>Why publishers are refused, in the words that they are told.</summary>
internal static class IngestRefusals
{
    public static Problem RecordingOff { get; } = Problem.Of(
        StatusCodes.Status400BadRequest, "recording-off", "?record=1 wants this broadcast recorded, and the server has no Recording:Directory.");

    /// <summary>What can be said before the body is read; null where there is nothing against it.</summary>
    public static Problem? Of(string? path, KeyVerdict verdict, bool isLoopbackOnly) => Of(verdict, isLoopbackOnly)
        ?? (BroadcastId.TryParse(path, out _) || IngestPath.NamesAnObject(path)
            ? null
            : BadName(path, $"is not a broadcast name: {BroadcastId.Rule}"));

    public static Problem? Of(KeyVerdict verdict, bool isLoopbackOnly) => verdict switch
    {
        KeyVerdict.Missing => Problem.Of(
            StatusCodes.Status401Unauthorized,
            "key-required",
            "Publishing needs a key of Ingest:Keys: as 'Authorization: Bearer KEY', as the password of Basic, or as ?key=KEY."),
        KeyVerdict.Wrong => Problem.Of(
            StatusCodes.Status403Forbidden,
            isLoopbackOnly ? "loopback-only" : "wrong-key",
            isLoopbackOnly
                ? "No key is configured, so only publishers on the server's own machine are accepted, and no pages of other sites: set Ingest:Keys."
                : "The key is none of Ingest:Keys."),
        KeyVerdict.WrongBroadcast => Problem.Of(
            StatusCodes.Status403Forbidden, "wrong-broadcast", "The key is for other broadcasts than this one: see the patterns of Ingest:Keys."),
        _ => null,
    };

    public static Problem Compressed(string encoding) => Problem.Of(
        StatusCodes.Status415UnsupportedMediaType, "compressed", $"Content-Encoding is '{encoding}'; media does not shrink, so bodies are taken as they are. Send it without.");

    public static Problem BadName(string? path, string rule) => Problem.Of(StatusCodes.Status400BadRequest, "bad-name", $"'{path}' {rule}.");

    public static Problem Of(EnterRefusal refusal, BroadcastId broadcast, LivePlan plan) => refusal switch
    {
        EnterRefusal.Draining => Problem.Of(StatusCodes.Status503ServiceUnavailable, "draining", "The server is shutting down.", retryAfterSeconds: 10),
        EnterRefusal.NoCapacity => Problem.Of(
            StatusCodes.Status503ServiceUnavailable,
            "no-capacity",
            "The encoders have no room for another broadcast, and those that run are not to suffer (Ladder:Overload is refuse).",
            retryAfterSeconds: 10),
        EnterRefusal.TooManyBroadcasts => Problem.Of(
            StatusCodes.Status413PayloadTooLarge, "too-many-broadcasts", $"Ingest:MaxBroadcasts is {plan.IngestLimits.MaxBroadcasts} and as many are live."),
        _ => Problem.Of(
            StatusCodes.Status409Conflict,
            "already-published",
            $"Somebody else is publishing '{broadcast}'. Choose another name, or replace that publisher with ?takeover=1."),
    };

    /// <summary>The bytes could not be ingested.</summary>
    public static Problem Of(IngestRejectedException rejected) => Problem.Of(rejected.Reason.HttpStatus(), rejected.Reason.Word(), rejected.Message) with
    {
        OffsetBytes = rejected.OffsetBytes,
        Box = rejected.BoxPath.Length == 0 ? null : rejected.BoxPath,
    };

    /// <summary>The connection is over before its publisher wanted it to be; null where it was its own end.</summary>
    public static Problem? Of(IngestEndReason reason, IngestSession ingest, LivePipeline pipeline) => reason switch
    {
        IngestEndReason.Broken => Problem.Of(
            StatusCodes.Status400BadRequest,
            "truncated",
            $"The body ended inside a fragment, after {ingest.Bytes} bytes. The broadcast waits {pipeline.Plan.ReconnectWithin.TotalSeconds:0} s for its publisher."),
        IngestEndReason.Idle => Problem.Of(
            StatusCodes.Status408RequestTimeout,
            "idle",
            $"Nothing came for {pipeline.Plan.IngestLimits.Idle.TotalSeconds:0} s (Ingest:IdleSeconds). Send shorter fragments, or raise the limit."),
        IngestEndReason.TakenOver => Problem.Of(StatusCodes.Status409Conflict, "taken-over", "Another publisher took this broadcast over."),
        IngestEndReason.Occupied => Problem.Of(
            StatusCodes.Status409Conflict,
            "already-published",
            "Somebody else is sending this, and something else. Choose another name, or replace that publisher with ?takeover=1."),
        IngestEndReason.Closed => pipeline.IsAccepting
            ? Problem.Of(StatusCodes.Status409Conflict, "ended-by-operator", "An operator ended this broadcast.")
            : Problem.Of(StatusCodes.Status503ServiceUnavailable, "draining", "The server is shutting down.", retryAfterSeconds: 10),
        _ => null,
    };
}
