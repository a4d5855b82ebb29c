using Rivet.Live.Core.Media;
using Rivet.Live.Core.Pipeline;
using Rivet.Live.Core.Stats;

namespace Rivet.Live.Endpoints;

/// <summary><c>/stats</c>, <c>/stats/{broadcast}</c>, <c>/stats/{broadcast}/{rendition}</c>.</summary>
internal static class StatsEndpoints
{
    public static void MapStats(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/stats", static (LiveStatsReader stats) => Results.Json(stats.Read(), LiveJson.Wire.LiveStats));
        routes.MapGet("/stats/{**path}", OneAsync);
    }

    private static async Task OneAsync(HttpContext context, string path, LivePipeline pipeline, LiveStatsReader stats)
    {
        if (BroadcastId.TryParse(path, out BroadcastId id) && pipeline.Find(id) is { } broadcast)
        {
            await context.Response.WriteAsJsonAsync(stats.Read(broadcast), LiveJson.Wire.BroadcastStats);
            return;
        }

        int slash = path.LastIndexOf('/');
        if (slash > 0
            && BroadcastId.TryParse(path[..slash], out BroadcastId parent)
            && pipeline.Find(parent) is { } owner
            && stats.Read(owner).Renditions.FirstOrDefault(rendition => rendition.Rendition == path[(slash + 1)..]) is { } found)
        {
            await context.Response.WriteAsJsonAsync(found, LiveJson.Wire.RenditionStats);
            return;
        }

        await context.RefuseAsync(Problem.Of(
            StatusCodes.Status404NotFound, "no-such-broadcast", $"Nothing is known of '{path}'; GET /stats lists every broadcast and rendition."));
    }
}
