using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Pipeline;

namespace Rivet.Live.Endpoints;

/// <summary><c>/hls/{broadcast}/…</c>: which playlist or media a path names.</summary>
internal static class HlsEndpoints
{
    /// <summary>Puts it in front of routing, which would copy every path into values that only this reads.</summary>
    public static void UseHls(this IApplicationBuilder app)
    {
        IServiceProvider services = app.ApplicationServices;
        app.Use((context, next) => context.Request.Path.Value?.StartsWith(HlsPath.Root, StringComparison.Ordinal) == true
            ? AnswerAsync(context, services.GetRequiredService<LivePipeline>(), services.GetRequiredService<PlaybackGate>())
            : next(context));
    }

    private static bool IsPlaylist(string file, MediaPlaylistBoard board) =>
        file == MediaName.Playlist || (file == MediaName.KeyframePlaylist && board.Track?.Kind == TrackKind.Video);

    private static Task AnswerAsync(HttpContext context, LivePipeline pipeline, PlaybackGate gate)
    {
        string method = context.Request.Method;
        HlsAnswers.AllowCrossOrigin(context);
        return HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? ServeAsync(context, pipeline, gate)
            : HttpMethods.IsOptions(method) ? HlsAnswers.PreflightAsync(context)
            : HlsAnswers.NotAllowedAsync(context);
    }

    private static async Task ServeAsync(HttpContext context, LivePipeline pipeline, PlaybackGate gate)
    {
        if (await gate.AnswersAsync(context))
        {
            return;
        }

        try
        {
            string path = context.Request.Path.Value!;
            if (HlsPath.Master(path) is { } id)
            {
                await PlaylistServing.ServeMasterAsync(context, id, pipeline);
            }
            else if (HlsPath.Thumbnail(path) is { } shown)
            {
                await ThumbnailServing.ServeAsync(context, shown, pipeline);
            }
            else if (HlsPath.Find(path, pipeline) is var (presentation, board, file))
            {
                await (IsPlaylist(file, board)
                    ? PlaylistServing.ServeMediaPlaylistAsync(context, presentation, board, file, pipeline.Time)
                    : MediaServing.ServeAsync(context, presentation, board, file, pipeline.Time));
            }
            else
            {
                string detail = $"There is nothing at '{path}'; a broadcast is played from {HlsPath.Root}BROADCAST/{MediaName.Master}.";
                await HlsAnswers.NotFoundAsync(context, "no-such-resource", detail);
            }
        }
        catch (TimeoutException)
        {
            await HlsAnswers.StalledAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // By design: a viewer that went away is no fault of anybody's.
        }
    }
}
