using Rivet.Live.Core.Hls;

namespace Rivet.Live.Endpoints;

/// <summary>What every answer under <c>/hls</c> has in common: the same headers and bytes for every viewer.</summary>
internal static class HlsAnswers
{
    public static void AllowCrossOrigin(HttpContext context)
    {
        Headers(context, "public, max-age=86400");
        context.Response.Headers.AccessControlAllowMethods = "GET, HEAD, OPTIONS";
        context.Response.Headers.AccessControlAllowHeaders = "*";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public static void Headers(HttpContext context, string cacheControl)
    {
        context.Response.Headers.AccessControlAllowOrigin = "*";
        context.Response.Headers.CacheControl = cacheControl;
    }

    public static Task NotFoundAsync(HttpContext context, string reason, string detail)
    {
        Headers(context, "public, max-age=1");
        return context.RefuseAsync(Problem.Of(StatusCodes.Status404NotFound, reason, detail));
    }

    public static async Task SendAsync(HttpContext context, HlsPresentation presentation, string type, params ReadOnlyMemory<byte>[] pieces)
    {
        long bytes = pieces.Sum(static piece => (long)piece.Length);
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        foreach (ReadOnlyMemory<byte> piece in pieces)
        {
            await context.Response.BodyWriter.WriteAsync(piece, context.RequestAborted);
        }

        presentation.CountSent(bytes);
    }
}
