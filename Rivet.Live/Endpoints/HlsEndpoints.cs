using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Pipeline;

namespace Rivet.Live.Endpoints;

/// <summary><c>/hls/{broadcast}/…</c>: which playlist or media a path names.</summary>
internal static class HlsEndpoints
{
    public static void MapHls(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/hls/{**path}", [HttpMethods.Get, HttpMethods.Head], ServeAsync);
        routes.MapMethods("/hls/{**path}", [HttpMethods.Options], HlsAnswers.AllowCrossOrigin);
    }

    private static async Task ServeAsync(HttpContext context, string? path, LivePipeline pipeline)
    {
        string[] names = path?.Split('/') ?? [];
        try
        {
            if (names is [.., MediaName.Master] && BroadcastId.TryParse(string.Join('/', names[..^1]), out BroadcastId id))
            {
                await PlaylistServing.ServeMasterAsync(context, id, pipeline);
            }
            else if (names is [.., string session, string track, string file]
                && pipeline.FindSession(session) is { } broadcast
                && string.Join('/', names[..^3]) == broadcast.Session.Broadcast.ToString()
                && broadcast.Presentation.Find(track) is { } board)
            {
                await (file == MediaName.Playlist
                    ? PlaylistServing.ServeMediaPlaylistAsync(context, broadcast.Presentation, board, pipeline.Time)
                    : MediaServing.ServeAsync(context, broadcast.Presentation, board, file, pipeline.Time));
            }
            else
            {
                string detail = $"There is nothing at '{path}'; a broadcast is played from /hls/BROADCAST/{MediaName.Master}.";
                await HlsAnswers.NotFoundAsync(context, "no-such-resource", detail);
            }
        }
        catch (TimeoutException)
        {
            HlsAnswers.Headers(context, "no-store");
            await context.RefuseAsync(Problem.Of(
                StatusCodes.Status503ServiceUnavailable, "stalled", "What was asked for did not come within three target durations.", retryAfterSeconds: 1));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // By design: a viewer that went away is no fault of anybody's.
        }
    }
}
