using System.Globalization;

namespace Rivet.Live.Endpoints;

/// <summary>What answers under <c>/hls</c> have in common: the same headers for every viewer, and how long a cache may keep them.</summary>
internal static class HlsAnswers
{
    /// <summary>What stays right for ever under its name.</summary>
    public const string KeepForEver = "public, max-age=31536000, immutable";

    /// <summary>What changes with the next part, and what may exist a moment later.</summary>
    public const string KeepShortly = "public, max-age=1";

    /// <summary>
    /// An answer to who asks for what is there already. Players that count wrongly ask for the same place again and again (video.js, where
    /// a segment has just become complete), and would find the first answer in their own cache each time.
    /// </summary>
    public const string KeepOnTheWay = "public, max-age=0, s-maxage=1";

    public const string NeverKeep = "no-store";

    /// <summary>Kept for six target durations: a reload that names its place in its query stays right, but nobody asks for it much longer.</summary>
    public static string KeepWhileAskedFor(int targetDurationSeconds) =>
        string.Create(CultureInfo.InvariantCulture, $"public, max-age={6 * targetDurationSeconds}");

    /// <summary>Constant, never echoed: a cache would give one site's answer to another's page. Players read how old a cache's copy is.</summary>
    public static void AllowCrossOrigin(HttpContext context)
    {
        context.Response.Headers.AccessControlAllowOrigin = "*";
        context.Response.Headers.AccessControlExposeHeaders = "Age, Content-Length, Content-Range, Date, ETag";
    }

    public static Task PreflightAsync(HttpContext context)
    {
        context.Response.Headers.AccessControlAllowMethods = "GET, HEAD, OPTIONS";
        context.Response.Headers.AccessControlAllowHeaders = "*, Authorization";
        context.Response.Headers.AccessControlMaxAge = "86400";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    public static Task NotAllowedAsync(HttpContext context)
    {
        context.Response.Headers.Allow = "GET, HEAD, OPTIONS";
        context.Response.Headers.CacheControl = NeverKeep;
        string detail = $"Playlists and media are read: GET or HEAD, not {context.Request.Method}.";
        return context.RefuseAsync(Problem.Of(StatusCodes.Status405MethodNotAllowed, "method-not-allowed", detail));
    }

    public static Task NotFoundAsync(HttpContext context, string reason, string detail)
    {
        context.Response.Headers.CacheControl = KeepShortly;
        return context.RefuseAsync(Problem.Of(StatusCodes.Status404NotFound, reason, detail));
    }

    public static Task BadDirectiveAsync(HttpContext context, string detail)
    {
        context.Response.Headers.CacheControl = NeverKeep;
        return context.RefuseAsync(Problem.Of(StatusCodes.Status400BadRequest, "bad-delivery-directive", detail));
    }

    public static Task StalledAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = NeverKeep;
        return context.RefuseAsync(Problem.Of(
            StatusCodes.Status503ServiceUnavailable, "stalled", "What was asked for did not come within three target durations.", retryAfterSeconds: 1));
    }

    /// <summary>
    /// Answers 304 where the viewer has this version already (RFC 9110 13.1.2, weak comparison). Tags carry their quotes, so one found
    /// anywhere in the list is one of its members.
    /// </summary>
    /// <returns>False where the bytes must be sent.</returns>
    public static bool HasAlready(HttpContext context, string tag)
    {
        context.Response.Headers.ETag = tag;
        foreach (string? list in context.Request.Headers.IfNoneMatch)
        {
            if (list is not null && (list.Contains(tag, StringComparison.Ordinal) || list.Trim() == "*"))
            {
                context.Response.StatusCode = StatusCodes.Status304NotModified;
                return true;
            }
        }

        return false;
    }
}
