using System.Globalization;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Pipeline;

namespace Rivet.Live.Endpoints;

/// <summary><c>/hls/{broadcast}/thumbnail.jpg</c>: the newest still picture of a broadcast, a few seconds old.</summary>
internal static class ThumbnailServing
{
    public static async Task ServeAsync(HttpContext context, BroadcastId id, LivePipeline pipeline)
    {
        if (pipeline.Find(id) is not { Presentation.IsWithdrawn: false } broadcast)
        {
            await HlsAnswers.NotFoundAsync(context, "no-such-broadcast", $"No broadcast '{id}' is live.");
            return;
        }

        if (broadcast.Thumbnail is not { } thumbnail)
        {
            await HlsAnswers.NotFoundAsync(context, "no-thumbnail", $"There is no picture of '{id}' yet, or nothing of it is decoded: thumbnails are made where a ladder is.");
            return;
        }

        HttpResponse response = context.Response;
        response.Headers.CacheControl = HlsAnswers.KeepShortly;
        if (HlsAnswers.HasAlready(context, string.Create(CultureInfo.InvariantCulture, $"\"{broadcast.Session.SessionId}-{thumbnail.Number}\"")))
        {
            return;
        }

        response.ContentType = "image/jpeg";
        response.ContentLength = thumbnail.Jpeg.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(thumbnail.Jpeg, context.RequestAborted);
        }
    }
}
