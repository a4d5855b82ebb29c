using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Shelf;

namespace Rivet.Live.Endpoints;

/// <summary>Init segments, segments and parts: bytes that never change under their name.</summary>
internal static class MediaServing
{
    private const string MediaType = "video/mp4";

    /// <summary>One version per URI, since every session has URIs of its own: any constant tells it from the versions that do not exist.</summary>
    private const string Tag = "\"only\"";

    public static async Task ServeAsync(HttpContext context, HlsPresentation presentation, MediaPlaylistBoard board, string file, TimeProvider time)
    {
        if (MediaName.TryParse(file, "p", ".m4s", out long part))
        {
            await ServePartAsync(context, presentation, board, part, time);
        }
        else if (MediaName.TryParse(file, "s", ".m4s", out long mediaSequence)
            && await board.OpenSegmentAsync(mediaSequence, context.RequestAborted) is { } segment)
        {
            await SendAsync(context, presentation, segment, time);
        }
        else if (MediaName.TryParse(file, "i", ".m4s", out long ofSegment)
            && await board.OpenKeyframeAsync(ofSegment, context.RequestAborted) is { } keyframe)
        {
            await SendAsync(context, presentation, keyframe, time);
        }
        else if (MediaName.TryParse(file, "init", ".mp4", out long number) && board.OpenInit(number) is { } init)
        {
            await SendAsync(context, presentation, init, time);
        }
        else
        {
            await HlsAnswers.NotFoundAsync(context, "no-such-media", $"'{file}' is not, or no longer, part of this track.");
        }
    }

    private static async Task ServePartAsync(HttpContext context, HlsPresentation presentation, MediaPlaylistBoard board, long number, TimeProvider time)
    {
        MediaBytes? part;
        using (HlsPresentation.HeldRequest? held = board.Current.NextPartNumber == number ? presentation.Hold() : null)
        {
            part = await board.OpenPartAsync(number, time, context.RequestAborted);
        }

        if (part is null)
        {
            await HlsAnswers.NotFoundAsync(context, "no-such-media", $"Part {number} is not, or no longer, part of this track.");
            return;
        }

        await SendAsync(context, presentation, part, time);
    }

    private static async Task SendAsync(HttpContext context, HlsPresentation presentation, MediaBytes media, TimeProvider time)
    {
        using (media)
        {
            HttpResponse response = context.Response;
            response.Headers.CacheControl = HlsAnswers.KeepForEver;
            response.Headers.AcceptRanges = "bytes";
            if (HlsAnswers.HasAlready(context, Tag))
            {
                return;
            }

            ByteRange range = ByteRange.Of(context.Request, Tag, media.Length) ?? new ByteRange(0, media.Length);
            if (range.Count == 0)
            {
                response.Headers.ContentRange = ByteRange.Unsatisfied(media.Length);
                response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                response.ContentLength = 0;
                return;
            }

            if (range.Count < media.Length)
            {
                response.Headers.ContentRange = range.Of(media.Length);
                response.StatusCode = StatusCodes.Status206PartialContent;
            }

            response.ContentType = MediaType;
            response.ContentLength = range.Count;
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                await WriteAsync(context, media, range, time);
                presentation.CountSent(range.Count);
            }
        }
    }

    private static async Task WriteAsync(HttpContext context, MediaBytes media, ByteRange range, TimeProvider time)
    {
        try
        {
            ValueTask writing = media.WriteAsync(context.Response.BodyWriter, range.Offset, range.Count, context.RequestAborted);
            await SlowReaders.BearAsync(writing, range.Count, context, time);
        }
        catch (IOException)
        {
            // By design: the disk failed behind the headers, and a connection that breaks is the only way left to say so.
            context.Abort();
        }
    }
}
