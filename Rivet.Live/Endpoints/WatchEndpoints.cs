using System.Text.Encodings.Web;
using Rivet.Live.Core.Media;
using Rivet.Live.Hosting;

namespace Rivet.Live.Endpoints;

/// <summary><c>GET /</c> and <c>GET /watch/{broadcast}</c>: the pages that people open, and what those load.</summary>
internal static class WatchEndpoints
{
    private const string Html = "text/html; charset=utf-8";

    private const string Script = "text/javascript; charset=utf-8";

    /// <summary>Where the build puts the player library; see <c>Web/package.json</c>.</summary>
    private static readonly string PlayerPath = Path.Combine(AppContext.BaseDirectory, "Web", "lib", "hls.min.js");

    public static void MapWatch(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", (WebPages pages) => Results.Content(pages.Index, Html));
        routes.MapGet("/watch/{**broadcast}", Watch);
        routes.MapGet("/web/style.css", (WebPages pages) => Results.Content(pages.Style, "text/css; charset=utf-8"));
        routes.MapGet("/web/watch.js", (WebPages pages) => Results.Content(pages.WatchScript, Script));
        routes.MapGet("/web/keep-up.js", (WebPages pages) => Results.Content(pages.KeepUpScript, Script));
        routes.MapGet("/web/first-playlists.js", (WebPages pages) => Results.Content(pages.FirstPlaylistsScript, Script));
        routes.MapGet("/web/index.js", (WebPages pages) => Results.Content(pages.IndexScript, Script));
        routes.MapGet("/lib/hls.min.js", Player);
    }

    private static IResult Watch(string? broadcast, WebPages pages)
    {
        if (!BroadcastId.TryParse(broadcast, out BroadcastId id))
        {
            return Results.Content(
                pages.NotFound.Replace("{{rule}}", HtmlEncoder.Default.Encode(BroadcastId.Rule), StringComparison.Ordinal),
                Html,
                statusCode: StatusCodes.Status404NotFound);
        }

        string name = HtmlEncoder.Default.Encode(id.ToString());
        return Results.Content(
            pages.Watch
                .Replace("{{broadcast}}", name, StringComparison.Ordinal)
                .Replace("{{player}}", pages.PlayerVersion, StringComparison.Ordinal),
            Html);
    }

    /// <summary>The page carries the library's version in the URL, so the copy may be kept for ever.</summary>
    private static IResult Player(HttpContext context)
    {
        if (!File.Exists(PlayerPath))
        {
            return Results.Text(
                "hls.js is not part of this build: install npm and build again.", statusCode: StatusCodes.Status404NotFound);
        }

        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.File(PlayerPath, Script);
    }
}
