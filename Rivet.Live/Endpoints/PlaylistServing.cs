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
        if (pipeline.Find(id) is not { Presentation.IsWithdrawn: false } broadcast)
        {
            await HlsAnswers.NotFoundAsync(context, "no-such-broadcast", $"No broadcast '{id}' is live.");
            return;
        }

        DateTimeOffset until = broadcast.Session.StartedAt + LadderPatience;
        await broadcast.Presentation.WhenPlayableAsync(() => pipeline.ExpectedPlaylists(broadcast), until, pipeline.Time, context.RequestAborted);
        if (broadcast.Presentation.Master() is not { } master)
        {
            await HlsAnswers.NotFoundAsync(context, "not-yet-playable", $"'{id}' has a publisher but nothing to play yet; ask again in a second.");
            return;
        }

        context.Response.Headers.CacheControl = HlsAnswers.KeepShortly;
        await SendAsync(context, broadcast.Presentation, master, pipeline.Time);
    }

    public static async Task ServeMediaPlaylistAsync(HttpContext context, HlsPresentation presentation, MediaPlaylistBoard board, string file, TimeProvider time)
    {
        if (presentation.IsWithdrawn)
        {
            await HlsAnswers.NotFoundAsync(context, "no-such-broadcast", "This broadcast is over.");
            return;
        }

        if (file == MediaName.Playlist)
        {
            presentation.Viewers.Saw(PlayerOf(context));
        }

        PlaylistSnapshot snapshot = board.Current;
        DeliveryDirectives directives = DeliveryDirectives.Read(context.Request.Query);
        if (!snapshot.IsEnded && directives.Mistake(snapshot, presentation.Plan) is { } mistake)
        {
            await HlsAnswers.BadDirectiveAsync(context, mistake);
            return;
        }

        bool isOfKeyframes = file == MediaName.KeyframePlaylist;
        if (isOfKeyframes)
        {
            // It has no parts: what it waits for is the whole segment.
            directives = directives with { Part = null };
        }

        bool waits = directives.MediaSequence is not null && !snapshot.IsEnded && !snapshot.Has(directives.MediaSequence.Value, directives.Part);
        if (waits)
        {
            using HlsPresentation.HeldRequest held = presentation.Hold();
            snapshot = await board.WaitForAsync(directives.MediaSequence!.Value, directives.Part, time, context.RequestAborted);
        }
        else if (snapshot.Last is null && !snapshot.IsEnded)
        {
            using HlsPresentation.HeldRequest held = presentation.Hold();
            snapshot = await board.WhenPlayableAsync(time, context.RequestAborted);
        }

        // A reply that waited names its state in its URL and stays right; one that did not is old as soon as the next part exists.
        context.Response.Headers.CacheControl =
            directives.MediaSequence is null ? HlsAnswers.KeepShortly
            : waits || snapshot.IsEnded ? HlsAnswers.KeepWhileAskedFor(presentation.Plan.TargetDurationSeconds)
            : HlsAnswers.KeepOnTheWay;
        await SendAsync(context, presentation, isOfKeyframes ? snapshot.Keyframes : directives.Skips ? snapshot.Delta : snapshot.Rendered, time);
    }

    /// <summary>What tells players apart: the session that some say they are of (CTA-5004, in a header), else where they are and what they are.</summary>
    private static int PlayerOf(HttpContext context) => context.Request.Headers["CMCD-Session"] is [{ Length: > 0 } session]
        ? session.GetHashCode(StringComparison.Ordinal)
        : HashCode.Combine(context.Connection.RemoteIpAddress, context.Request.Headers["X-Forwarded-For"].ToString(), context.Request.Headers.UserAgent.ToString());

    private static async Task SendAsync(HttpContext context, HlsPresentation presentation, RenderedPlaylist playlist, TimeProvider time)
    {
        HttpResponse response = context.Response;
        response.Headers.Vary = "Accept-Encoding";
        bool isGzip = AcceptedEncoding.TakesGzip(context.Request.Headers.AcceptEncoding);
        if (HlsAnswers.HasAlready(context, isGzip ? playlist.GzipTag : playlist.Tag))
        {
            return;
        }

        ReadOnlyMemory<byte> bytes = isGzip ? playlist.Gzip : playlist.Identity;
        response.ContentType = PlaylistType;
        response.ContentLength = bytes.Length;
        if (isGzip)
        {
            response.Headers.ContentEncoding = "gzip";
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await SlowReaders.BearAsync(response.Body.WriteAsync(bytes, context.RequestAborted), bytes.Length, context, time);
            presentation.CountSent(bytes.Length);
        }
    }
}
