using Rivet.Live.Core.Media;
using Rivet.Live.Core.Pipeline;
using Rivet.Live.Core.Stats;

namespace Rivet.Live.Endpoints;

/// <summary><c>/stats</c>, <c>/stats/{broadcast}</c>, <c>/stats/{broadcast}/{rendition}</c>, in JSON or MessagePack; <c>/stats/events</c> once a second.</summary>
internal static class StatsEndpoints
{
    public static void MapStats(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/stats", AnswerAsync);
        routes.MapGet("/stats/events", static (HttpContext context, StatsEventFeed feed) => feed.SendAsync(context));
        routes.MapGet("/stats/schema", static () => Results.Text(StatsSchema.Text, "application/schema+json"));
        routes.MapGet("/stats/{**path}", AnswerAsync);
    }

    private static Task AnswerAsync(HttpContext context, string? path, LivePipeline pipeline, LiveStatsReader stats)
    {
        context.Response.Headers.Vary = "Accept";
        if (StatsFormat.Of(context.Request) is not { } mediaType)
        {
            return context.RefuseAsync(Problem.Of(
                StatusCodes.Status400BadRequest,
                "unknown-format",
                $"'{context.Request.Query["format"]}' is no format of stats; ?format=json and ?format=msgpack are."));
        }

        if (path is null)
        {
            return StatsAnswer.SendAsync(context, mediaType, stats.Read(), static json => json.LiveStats);
        }

        if (BroadcastId.TryParse(path, out BroadcastId id) && pipeline.Find(id) is { } broadcast)
        {
            return StatsAnswer.SendAsync(context, mediaType, stats.Read(broadcast), static json => json.BroadcastStats);
        }

        int slash = path.LastIndexOf('/');
        if (slash > 0
            && BroadcastId.TryParse(path[..slash], out BroadcastId parent)
            && pipeline.Find(parent) is { } owner
            && pipeline.DrainsOf(owner).FirstOrDefault(drain => drain.Key.Rendition == path[(slash + 1)..]) is { } found)
        {
            return StatsAnswer.SendAsync(context, mediaType, LiveStatsReader.Read(owner, found), static json => json.RenditionStats);
        }

        return context.RefuseAsync(Problem.Of(
            StatusCodes.Status404NotFound, "no-such-broadcast", $"Nothing is known of '{path}'; GET /stats lists every broadcast and rendition."));
    }
}
