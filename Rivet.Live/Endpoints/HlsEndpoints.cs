using System.Globalization;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Pipeline;

namespace Rivet.Live.Endpoints;

/// <summary><c>/hls/{broadcast}/…</c>: playlists and media out, the same bytes for every viewer.</summary>
internal static class HlsEndpoints
{
    private const string PlaylistType = "application/vnd.apple.mpegurl";
    private const string MediaType = "video/mp4";

    /// <summary>A new broadcast's master playlist waits this long for the whole ladder, so that the first viewers get all of it.</summary>
    private static readonly TimeSpan LadderPatience = TimeSpan.FromSeconds(5);

    public static void MapHls(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/hls/{**path}", [HttpMethods.Get, HttpMethods.Head], ServeAsync);
        routes.MapMethods("/hls/{**path}", [HttpMethods.Options], AllowCrossOrigin);
    }

    private static void AllowCrossOrigin(HttpContext context)
    {
        Headers(context, "public, max-age=86400");
        context.Response.Headers.AccessControlAllowMethods = "GET, HEAD, OPTIONS";
        context.Response.Headers.AccessControlAllowHeaders = "*";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task ServeAsync(HttpContext context, string? path, LivePipeline pipeline)
    {
        string[] names = path?.Split('/') ?? [];
        try
        {
            if (names is [.., MediaName.Master] && BroadcastId.TryParse(string.Join('/', names[..^1]), out BroadcastId id))
            {
                await ServeMasterAsync(context, id, pipeline);
            }
            else if (names is [.., string session, string track, string file]
                && pipeline.FindSession(session) is { } broadcast
                && string.Join('/', names[..^3]) == broadcast.Session.Broadcast.ToString()
                && broadcast.Presentation.Find(track) is { } board)
            {
                await ServeTrackAsync(context, broadcast.Presentation, board, file, pipeline.Time);
            }
            else
            {
                string detail = $"There is nothing at '{path}'; a broadcast is played from /hls/BROADCAST/{MediaName.Master}.";
                await NotFoundAsync(context, "no-such-resource", detail);
            }
        }
        catch (TimeoutException)
        {
            Headers(context, "no-store");
            await context.RefuseAsync(Problem.Of(
                StatusCodes.Status503ServiceUnavailable, "stalled", "What was asked for did not come within three target durations.", retryAfterSeconds: 1));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // By design: a viewer that went away is no fault of anybody's.
        }
    }

    private static async Task ServeMasterAsync(HttpContext context, BroadcastId id, LivePipeline pipeline)
    {
        if (pipeline.Find(id) is not { } broadcast)
        {
            await NotFoundAsync(context, "no-such-broadcast", $"No broadcast '{id}' is live.");
            return;
        }

        DateTimeOffset until = broadcast.Session.StartedAt + LadderPatience;
        await broadcast.Presentation.WhenPlayableAsync(() => pipeline.ExpectedPlaylists(broadcast), until, pipeline.Time, context.RequestAborted);
        if (broadcast.Presentation.WriteMaster() is not { } master)
        {
            await NotFoundAsync(context, "not-yet-playable", $"'{id}' has a publisher but nothing to play yet; ask again in a second.");
            return;
        }

        Headers(context, "public, max-age=1");
        await SendPlaylistAsync(context, broadcast.Presentation, new RenderedPlaylist(master));
    }

    private static Task ServeTrackAsync(HttpContext context, HlsPresentation presentation, MediaPlaylistBoard board, string file, TimeProvider time)
    {
        if (file == MediaName.Playlist)
        {
            return ServePlaylistAsync(context, presentation, board, time);
        }

        if (MediaName.TryParse(file, "p", ".m4s", out long part))
        {
            return ServePartAsync(context, presentation, board, part, time);
        }

        if (MediaName.TryParse(file, "s", ".m4s", out long mediaSequence) && board.OpenSegment(mediaSequence) is { } segment)
        {
            return SendMediaAsync(context, presentation, segment);
        }

        if (MediaName.TryParse(file, "init", ".mp4", out long number) && board.FindInit(number) is { } init)
        {
            Headers(context, "public, max-age=31536000, immutable");
            return SendAsync(context, presentation, MediaType, init);
        }

        return NotFoundAsync(context, "no-such-media", $"'{file}' is not, or no longer, part of this track.");
    }

    private static async Task ServePlaylistAsync(HttpContext context, HlsPresentation presentation, MediaPlaylistBoard board, TimeProvider time)
    {
        PlaylistSnapshot snapshot = board.Current;
        DeliveryDirectives directives = DeliveryDirectives.Read(context.Request.Query);
        if (!snapshot.IsEnded && directives.Mistake(snapshot, presentation.Plan) is { } mistake)
        {
            Headers(context, "no-store");
            await context.RefuseAsync(Problem.Of(StatusCodes.Status400BadRequest, "bad-delivery-directive", mistake));
            return;
        }

        if (directives.MediaSequence is { } wanted && !snapshot.IsEnded && !snapshot.Has(wanted, directives.Part))
        {
            presentation.CountBlocked();
            snapshot = await board.WaitForAsync(wanted, directives.Part, time, context.RequestAborted);
        }
        else if (snapshot.Last is null && !snapshot.IsEnded)
        {
            presentation.CountBlocked();
            snapshot = await board.WaitForAsync(0, 0, time, context.RequestAborted);
        }

        // A reply that waited names its state in its URL and stays right; one that did not is old as soon as the next part exists.
        int target = presentation.Plan.TargetDurationSeconds;
        Headers(context, directives.MediaSequence is null ? "public, max-age=1" : string.Create(CultureInfo.InvariantCulture, $"public, max-age={6 * target}"));
        await SendPlaylistAsync(context, presentation, snapshot.Rendered);
    }

    private static async Task ServePartAsync(HttpContext context, HlsPresentation presentation, MediaPlaylistBoard board, long number, TimeProvider time)
    {
        if (board.Current.NextPartNumber == number)
        {
            presentation.CountBlocked();
        }

        if (await board.OpenPartAsync(number, time, context.RequestAborted) is not { } part)
        {
            await NotFoundAsync(context, "no-such-media", $"Part {number} is not, or no longer, part of this track.");
            return;
        }

        await SendMediaAsync(context, presentation, [part]);
    }

    private static async Task SendMediaAsync(HttpContext context, HlsPresentation presentation, IReadOnlyList<PayloadHold> pieces)
    {
        try
        {
            Headers(context, "public, max-age=31536000, immutable");
            await SendAsync(context, presentation, MediaType, [.. pieces.Select(static piece => piece.Memory)]);
        }
        finally
        {
            foreach (PayloadHold piece in pieces)
            {
                piece.Dispose();
            }
        }
    }

    private static Task SendPlaylistAsync(HttpContext context, HlsPresentation presentation, RenderedPlaylist playlist)
    {
        context.Response.Headers.Vary = "Accept-Encoding";
        if (!context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            return SendAsync(context, presentation, PlaylistType, playlist.Identity);
        }

        context.Response.Headers.ContentEncoding = "gzip";
        return SendAsync(context, presentation, PlaylistType, playlist.Gzip);
    }

    private static async Task SendAsync(HttpContext context, HlsPresentation presentation, string type, params ReadOnlyMemory<byte>[] pieces)
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

    private static Task NotFoundAsync(HttpContext context, string reason, string detail)
    {
        Headers(context, "public, max-age=1");
        return context.RefuseAsync(Problem.Of(StatusCodes.Status404NotFound, reason, detail));
    }

    private static void Headers(HttpContext context, string cacheControl)
    {
        context.Response.Headers.AccessControlAllowOrigin = "*";
        context.Response.Headers.CacheControl = cacheControl;
    }
}
