namespace Rivet.Live.Endpoints;

/// <summary>Every route of the server, one line per room.</summary>
internal static class LiveEndpoints
{
    /// <summary>Whatever no route is for. Behind routing.</summary>
    public static void UseNoSuchRoute(this IApplicationBuilder app) => app.Use(static (context, next) => context.GetEndpoint() is null
        ? context.RefuseAsync(Problem.Of(
            StatusCodes.Status404NotFound,
            "no-such-route",
            $"Nothing is at '{context.Request.Path}': broadcasts are pushed to /ingest/BROADCAST and played from /hls/BROADCAST/master.m3u8; the console is at /."))
        : next(context));

    public static void MapLive(this IEndpointRouteBuilder routes)
    {
        routes.MapIngest();
        routes.MapStats();
        routes.MapBeacon();
        routes.MapControl();
        routes.MapMetrics();
        routes.MapHealth();
        routes.MapWatch();
    }
}
