using Rivet.Live.Core.Buffers;
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

        if (MediaName.TryParse(file, "init", ".mp4", out long number) && board.FindInit(number) is { } init)
        {
            HlsAnswers.Headers(context, "public, max-age=31536000, immutable");
            return HlsAnswers.SendAsync(context, presentation, MediaType, init);
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

        await SendAsync(context, presentation, [part]);
    }

    private static async Task SendAsync(HttpContext context, HlsPresentation presentation, IReadOnlyList<PayloadHold> pieces)
    {
        try
        {
            HlsAnswers.Headers(context, "public, max-age=31536000, immutable");
            await HlsAnswers.SendAsync(context, presentation, MediaType, [.. pieces.Select(static piece => piece.Memory)]);
        }
        finally
        {
            foreach (PayloadHold piece in pieces)
            {
                piece.Dispose();
            }
        }
    }
}
