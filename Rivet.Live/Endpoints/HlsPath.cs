using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Pipeline;

namespace Rivet.Live.Endpoints;

/// <summary>Reads <c>/hls/BROADCAST/master.m3u8</c> and <c>/hls/BROADCAST/SESSION/TRACK/FILE</c>.</summary>
internal static class HlsPath
{
    public const string Root = "/hls/";

    /// <summary>A still picture, beside the master playlist.</summary>
    public const string ThumbnailFile = "thumbnail.jpg";

    /// <summary>The broadcast whose master playlist this is; null where it is none.</summary>
    public static BroadcastId? Master(string path) => BroadcastWith(MediaName.Master, path);

    /// <summary>The broadcast whose thumbnail this is; null where it is none.</summary>
    public static BroadcastId? Thumbnail(string path) => BroadcastWith(ThumbnailFile, path);

    /// <summary>The name of the broadcast that a path is of, whether there is such a one or not.</summary>
    public static string BroadcastOf(string path)
    {
        if ((Master(path) ?? Thumbnail(path)) is { } id)
        {
            return id.ToString();
        }

        ReadOnlySpan<char> rest = path.AsSpan(Root.Length);
        for (int name = 0; name < 3; name++)
        {
            CutLast(ref rest);
        }

        return rest.ToString();
    }

    /// <summary>The track that the path names and the file in it; null where there is no such track.</summary>
    public static (HlsPresentation Presentation, MediaPlaylistBoard Board, string File)? Find(string path, LivePipeline pipeline)
    {
        ReadOnlySpan<char> rest = path.AsSpan(Root.Length);
        string file = CutLast(ref rest).ToString();
        string track = CutLast(ref rest).ToString();
        string session = CutLast(ref rest).ToString();
        return pipeline.FindSession(session) is { } broadcast
            && rest.SequenceEqual(broadcast.Session.Broadcast.ToString())
            && broadcast.Presentation.Find(track) is { } board
            ? (broadcast.Presentation, board, file)
            : null;
    }

    private static BroadcastId? BroadcastWith(string file, string path) =>
        path.EndsWith("/" + file, StringComparison.Ordinal)
        && path.Length > Root.Length + file.Length
        && BroadcastId.TryParse(path[Root.Length..^(file.Length + 1)], out BroadcastId id)
            ? id
            : null;

    /// <summary>Takes the last name off a path.</summary>
    private static ReadOnlySpan<char> CutLast(ref ReadOnlySpan<char> path)
    {
        int slash = path.LastIndexOf('/');
        ReadOnlySpan<char> last = path[(slash + 1)..];
        path = path[..Math.Max(0, slash)];
        return last;
    }
}
