using Rivet.Live.Core.Pipeline;

namespace Rivet.Live.Endpoints;

/// <summary><c>/healthz</c>: the process is alive. <c>/readyz</c>: it accepts work.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", static () => Results.Text("ok"));
        routes.MapGet("/readyz", static (LivePipeline pipeline) => pipeline.IsAccepting
            ? Results.Text("ready")
            : Results.Text("draining", statusCode: StatusCodes.Status503ServiceUnavailable));
    }
}
