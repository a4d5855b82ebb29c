using Rivet.Live.Tests.Support;

namespace Rivet.Live.Tests.Conformance;

/// <summary>Which broadcasts are checked with which parts: every frame rate, GOP and course at least once, no full cross product.</summary>
internal static class CheckedBroadcasts
{
    private const string FragmentPerPicture = "-movflags +frag_every_frame+empty_moov+default_base_moof -f mp4";
    private const string FragmentPerGop = "-movflags +frag_keyframe+empty_moov+default_base_moof -f mp4";
    private const string UnevenKeyframes = "-force_key_frames 0,0.7,3.1,3.9,8.2,9.0,12.5,13.7,14.1,18.6,19.2,22.9,23.6,27.1,28.4";

    /// <summary>Longer than any watch: those whose course is not to end are killed.</summary>
    private const double Long = 90;

    /// <summary>Long enough for parts and segments to leave their playlists before the end.</summary>
    private const double Short = 18;

    /// <summary>By part target in seconds, and so by server.</summary>
    public static IReadOnlyDictionary<string, CheckedBroadcast[]> ByPart { get; } = new Dictionary<string, CheckedBroadcast[]>
    {
        ["0.2"] =
        [
            Broadcast("25-gop-1s", "25", gop: 25),
            Broadcast("29.97-gop-2s", "30000/1001", gop: 60),
            Broadcast("60-gop-2s", "60", gop: 120, fragments: FragmentPerPicture),
            Broadcast("irregular", "25", gop: 500, video: UnevenKeyframes),
            Broadcast("aac-only", "25", gop: 50, tracks: "-vn"),
            Broadcast("reconnect", "30", gop: 60, course: Course.Reconnects),
            Broadcast("end", "25", gop: 50, course: Course.Ends),
        ],
        ["0.5"] =
        [
            Broadcast("30-gop-2s-b-frames", "30", gop: 60, video: "-bf 2"),
            Broadcast("50-gop-4s", "50", gop: 200),
            Broadcast("30-gop-10s", "30", gop: 300),
            Broadcast("fragment-per-gop", "25", gop: 50, fragments: FragmentPerGop),
            Broadcast("opus-only", "25", gop: 50, tracks: "-vn -c:a libopus"),
            Broadcast("video-only", "30000/1001", gop: 60, tracks: "-an"),
            Broadcast("stall", "25", gop: 25, course: Course.Stalls),
        ],
        ["1.0"] =
        [
            Broadcast("29.97-gop-4s", "30000/1001", gop: 120),
            Broadcast("60-gop-1s", "60", gop: 60),
            Broadcast("irregular", "50", gop: 1000, video: UnevenKeyframes),
            Broadcast("aac-only", "25", gop: 50, tracks: "-vn"),
            Broadcast("reconnect", "25", gop: 100, course: Course.Reconnects),
            Broadcast("stall", "30", gop: 60, course: Course.Stalls),
            Broadcast("end", "30", gop: 60, course: Course.Ends),
        ],
    };

    private static CheckedBroadcast Broadcast(
        string name, string rate, int gop, string video = "", string tracks = "", string fragments = FfmpegPublisher.ShortFragments, Course course = Course.GoesOn)
    {
        string programme = FfmpegPublisher.Programme("256x144", rate, course == Course.Ends ? Short : Long, gop, video);
        return new CheckedBroadcast(name, $"{programme} -ac 1 {tracks} {fragments}", course);
    }
}
