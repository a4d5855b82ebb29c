namespace Rivet.Live.Endpoints;

/// <summary>Every route of the server, one line per room.</summary>
internal static class LiveEndpoints
{
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
