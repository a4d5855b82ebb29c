using Rivet.Live.Core.Hls;

namespace Rivet.Live.Endpoints;

/// <summary>Init segments, segments and parts: bytes that never change under their name.</summary>
internal static class MediaServing
{
    private const string MediaType = "video/mp4";

    public static Task ServeAsync(HttpContext context, HlsPresentation presentation, MediaPlaylistBoard board, string file, TimeProvider time)
    {
        if (MediaName.TryParse(file, "p", ".m4s", out long part))
        {
            return ServePartAsync(context, presentation, board, part, time);
        }

        if (MediaName.TryParse(file, "s", ".m4s", out long mediaSequence) && board.OpenSegment(mediaSequence) is { } segment)
        {
            return SendAsync(context, presentation, segment);
        }

        if (MediaName.TryParse(file, "init", ".mp4", out long number) && board.OpenInit(number) is { } init)
        {
            return SendAsync(context, presentation, init);
        }

        return HlsAnswers.NotFoundAsync(context, "no-such-media", $"'{file}' is not, or no longer, part of this track.");
    }

    private static async Task ServePartAsync(HttpContext context, HlsPresentation presentation, MediaPlaylistBoard board, long number, TimeProvider time)
    {
        if (board.Current.NextPartNumber == number)
        {
            presentation.CountBlocked();
        }

        if (await board.OpenPartAsync(number, time, context.RequestAborted) is not { } part)
        {
            await HlsAnswers.NotFoundAsync(context, "no-such-media", $"Part {number} is not, or no longer, part of this track.");
            return;
        }

        await SendAsync(context, presentation, part);
    }

    private static async Task SendAsync(HttpContext context, HlsPresentation presentation, MediaBytes media)
    {
        using (media)
        {
            HlsAnswers.Headers(context, "public, max-age=31536000, immutable");
            context.Response.ContentType = MediaType;
            context.Response.ContentLength = media.Length;
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                await media.WriteAsync(context.Response.BodyWriter, 0, media.Length, context.RequestAborted);
                presentation.CountSent(media.Length);
            }
        }
    }
}
