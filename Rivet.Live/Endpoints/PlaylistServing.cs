using System.Globalization;
using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Pipeline;

namespace Rivet.Live.Endpoints;

/// <summary>Playlists: what a reload waits for, and how long its answer stays right.</summary>
internal static class PlaylistServing
{
    private const string PlaylistType = "application/vnd.apple.mpegurl";

    /// <summary>A new broadcast's master playlist waits this long for the whole ladder, so that the first viewers get all of it.</summary>
    private static readonly TimeSpan LadderPatience = TimeSpan.FromSeconds(5);

    public static async Task ServeMasterAsync(HttpContext context, BroadcastId id, LivePipeline pipeline)
    {
        if (pipeline.Find(id) is not { } broadcast)
        {
            await HlsAnswers.NotFoundAsync(context, "no-such-broadcast", $"No broadcast '{id}' is live.");
            return;
        }

        DateTimeOffset until = broadcast.Session.StartedAt + LadderPatience;
        await broadcast.Presentation.WhenPlayableAsync(() => pipeline.ExpectedPlaylists(broadcast), until, pipeline.Time, context.RequestAborted);
        if (broadcast.Presentation.WriteMaster() is not { } master)
        {
            await HlsAnswers.NotFoundAsync(context, "not-yet-playable", $"'{id}' has a publisher but nothing to play yet; ask again in a second.");
            return;
        }

        HlsAnswers.Headers(context, "public, max-age=1");
        await SendAsync(context, broadcast.Presentation, new RenderedPlaylist(master));
    }

    public static async Task ServeMediaPlaylistAsync(HttpContext context, HlsPresentation presentation, MediaPlaylistBoard board, TimeProvider time)
    {
        PlaylistSnapshot snapshot = board.Current;
        DeliveryDirectives directives = DeliveryDirectives.Read(context.Request.Query);
        if (!snapshot.IsEnded && directives.Mistake(snapshot, presentation.Plan) is { } mistake)
        {
            HlsAnswers.Headers(context, "no-store");
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
            snapshot = await board.WhenPlayableAsync(time, context.RequestAborted);
        }

        // A reply that waited names its state in its URL and stays right; one that did not is old as soon as the next part exists.
        int target = presentation.Plan.TargetDurationSeconds;
        HlsAnswers.Headers(
            context, directives.MediaSequence is null ? "public, max-age=1" : string.Create(CultureInfo.InvariantCulture, $"public, max-age={6 * target}"));
        await SendAsync(context, presentation, snapshot.Rendered);
    }

    private static Task SendAsync(HttpContext context, HlsPresentation presentation, RenderedPlaylist playlist)
    {
        context.Response.Headers.Vary = "Accept-Encoding";
        if (!context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            return HlsAnswers.SendAsync(context, presentation, PlaylistType, playlist.Identity);
        }

        context.Response.Headers.ContentEncoding = "gzip";
        return HlsAnswers.SendAsync(context, presentation, PlaylistType, playlist.Gzip);
    }
}
