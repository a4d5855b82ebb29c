using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Pipeline;
using Rivet.Live.Hosting;

namespace Rivet.Live.Endpoints;

/// <summary><c>POST /control/…</c>: what operators do. Each is told in the timeline and in the log.</summary>
internal static class ControlEndpoints
{
    public static void MapControl(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/control/drain", DrainAsync);
        routes.MapPost("/control/reload", ReloadAsync);
        routes.MapPost("/control/devices/{device}/{action}", DeviceAsync);
        routes.MapPost("/control/renditions/{**path}", RenditionAsync);
    }

    private static Task DrainAsync(HttpContext context, OperatorGate gate, IHostApplicationLifetime lifetime)
    {
        if (gate.RefusalOf(context) is { } refusal)
        {
            return context.RefuseAsync(refusal);
        }

        gate.Note(context, "drain", "The server drains and ends.");
        lifetime.StopApplication();
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        return Task.CompletedTask;
    }

    private static Task ReloadAsync(HttpContext context, OperatorGate gate, SettingsReload reload)
    {
        if (gate.RefusalOf(context) is { } refusal)
        {
            return context.RefuseAsync(refusal);
        }

        if (!reload.TryRun(out ReloadReceipt? receipt, out string? why))
        {
            return context.RefuseAsync(Problem.Of(StatusCodes.Status409Conflict, "not-reloaded", why));
        }

        gate.Note(
            context,
            "reload",
            receipt.KeepTheirLadder.Count == 0
                ? "The keys and the ladder were read again."
                : $"The keys and the ladder were read again; {string.Join(", ", receipt.KeepTheirLadder)} keeps the ladder that it began with.");
        return context.Response.WriteAsJsonAsync(receipt, LiveJson.Wire.ReloadReceipt);
    }

    private static Task DeviceAsync(HttpContext context, string device, string action, OperatorGate gate, LivePipeline pipeline)
    {
        if (gate.RefusalOf(context) is { } refusal)
        {
            return context.RefuseAsync(refusal);
        }

        if (action is not ("cordon" or "uncordon"))
        {
            return context.RefuseAsync(NoSuchAction(action, "cordon and uncordon"));
        }

        switch (pipeline.Devices.Cordon(device, action == "cordon"))
        {
            case CordonOutcome.NoSuchDevice:
                return context.RefuseAsync(Problem.Of(StatusCodes.Status404NotFound, "no-such-device", $"There is no device '{device}'; GET /stats lists them."));
            case CordonOutcome.LastOne:
                return context.RefuseAsync(Problem.Of(
                    StatusCodes.Status409Conflict, "last-device", $"No other device may encode now: without {device} every rendition would be lost. Drain the server instead."));
            default:
                gate.Note(context, action, action == "cordon" ? $"{device} is cordoned: it finishes its chunks and gets no new ones." : $"{device} may encode again.", device: device);
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
        }
    }

    /// <summary><c>/control/renditions/BROADCAST/RENDITION/ACTION</c>.</summary>
    private static Task RenditionAsync(HttpContext context, string path, OperatorGate gate, LivePipeline pipeline)
    {
        if (gate.RefusalOf(context) is { } refusal)
        {
            return context.RefuseAsync(refusal);
        }

        string[] names = path.Split('/');
        if (names.Length < 3
            || !BroadcastId.TryParse(string.Join('/', names[..^2]), out BroadcastId id)
            || pipeline.Find(id) is not { IsEnding: false } broadcast)
        {
            return context.RefuseAsync(Problem.Of(
                StatusCodes.Status404NotFound, "no-such-broadcast", $"'{path}' names no live broadcast; it is BROADCAST/RENDITION/ACTION, and GET /stats lists what is live."));
        }

        (string rendition, string action) = (names[^2], names[^1]);
        bool? done = action switch
        {
            "restart" => pipeline.Loads.Restart(id, rendition),
            "drop" => pipeline.Loads.Drop(id, rendition, isDropped: true),
            "restore" => pipeline.Loads.Drop(id, rendition, isDropped: false),
            _ => null,
        };
        switch (done)
        {
            case null:
                return context.RefuseAsync(NoSuchAction(action, "restart, drop and restore"));
            case false:
                return context.RefuseAsync(Problem.Of(
                    StatusCodes.Status404NotFound, "no-such-rendition", $"'{id}' has no rendition '{rendition}' that is encoded; GET /stats/{id} lists them."));
            default:
                gate.Note(
                    context,
                    action,
                    action switch
                    {
                        "restart" => $"{rendition} gets a new encoder with its next chunk.",
                        "drop" => $"{rendition} is taken out of the ladder.",
                        _ => $"{rendition} is encoded again.",
                    },
                    broadcast.Session.SessionId,
                    rendition);
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
        }
    }

    private static Problem NoSuchAction(string action, string allowed) =>
        Problem.Of(StatusCodes.Status404NotFound, "no-such-action", $"'{action}' is nothing that can be done here; {allowed} are.");
}
