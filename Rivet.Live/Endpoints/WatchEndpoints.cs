using System.Text.Encodings.Web;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Stats;
using Rivet.Live.Hosting;

namespace Rivet.Live.Endpoints;

/// <summary><c>GET /</c> and <c>GET /watch/{broadcast}</c>: the pages that people open, and what those load.</summary>
internal static class WatchEndpoints
{
    private const string Html = "text/html; charset=utf-8";

    private const string Script = "text/javascript; charset=utf-8";

    private const string Style = "text/css; charset=utf-8";

    /// <summary>Where the build puts what comes from npm; see <c>Web/package.json</c>.</summary>
    private static readonly string LibraryFolder = Path.Combine(AppContext.BaseDirectory, "Web", "lib");

    public static void MapWatch(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", static (WebPages pages) => Results.Content(pages.Page("index.html"), Html));
        routes.MapGet("/watch/{**broadcast}", Watch);
        routes.MapGet("/web/{file}", File);
        routes.MapGet("/web/history/{session}", static (string session, StatsWatch watch) => watch.History.Of(session) is { } history
            ? Results.Json(history, LiveJson.Wire.HistoryStats)
            : Results.NotFound());
        foreach (string library in (string[])["hls.min.js", "uPlot.iife.min.js", "uPlot.min.css"])
        {
            routes.MapGet($"/lib/{library}", context => Library(context, library).ExecuteAsync(context));
        }
    }

    private static IResult Watch(string? broadcast, WebPages pages)
    {
        if (!BroadcastId.TryParse(broadcast, out BroadcastId id))
        {
            return Results.Content(
                pages["not-found.html"].Replace("{{rule}}", HtmlEncoder.Default.Encode(BroadcastId.Rule), StringComparison.Ordinal),
                Html,
                statusCode: StatusCodes.Status404NotFound);
        }

        return Results.Content(
            pages.Page("watch.html").Replace("{{broadcast}}", HtmlEncoder.Default.Encode(id.ToString()), StringComparison.Ordinal), Html);
    }

    /// <summary>Scripts and styles of our own; pages are not among them.</summary>
    private static IResult File(string file, WebPages pages) => TypeOf(file) is { } type && pages.Find(file) is { } text
        ? Results.Content(text, type)
        : Results.NotFound();

    private static string? TypeOf(string file) => Path.GetExtension(file) switch
    {
        ".js" => Script,
        ".css" => Style,
        _ => null,
    };

    /// <summary>The pages carry the library's version in the URL, so the copy may be kept for ever.</summary>
    private static IResult Library(HttpContext context, string name)
    {
        string path = Path.Combine(LibraryFolder, name);
        if (!System.IO.File.Exists(path))
        {
            return Results.Text($"{name} is not part of this build: install npm and build again.", statusCode: StatusCodes.Status404NotFound);
        }

        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.File(path, TypeOf(name));
    }
}
