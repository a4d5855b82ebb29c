using Rivet.Live.Core.Stats;

namespace Rivet.Live.Endpoints;

/// <summary><c>GET /metrics</c>, for Prometheus.</summary>
internal static class MetricsEndpoints
{
    public static void MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/metrics", static (LiveMetrics metrics) => Results.Content(PrometheusText.Write(metrics.Meter), PrometheusText.MediaType));
}
