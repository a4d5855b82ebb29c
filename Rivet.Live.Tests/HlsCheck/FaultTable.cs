using System.Text.RegularExpressions;

namespace Rivet.Live.Tests.HlsCheck;

/// <summary>For each rule, origins that break it and nothing that the rule does not speak of.</summary>
internal static partial class FaultTable
{
    private static readonly TimeSpan HalfSecond = TimeSpan.FromSeconds(0.5);

    public static IReadOnlyDictionary<string, Faults> All { get; } = new Dictionary<string, Faults>
    {
        ["1 changes"] = Late("TARGETDURATION:1", "TARGETDURATION:2"),
        ["1 differs"] = In("v1", "TARGETDURATION:1", "TARGETDURATION:2"),
        ["2 too long"] = Every("#EXTINF:1.0,\ns21", "#EXTINF:1.5,\ns21"),
        ["3 too long"] = Every("DURATION=0.2,URI=\"p117", "DURATION=0.201,URI=\"p117"),
        ["4 too short"] = Every("DURATION=0.2,URI=\"p117", "DURATION=0.169,URI=\"p117"),
        ["5 changes"] = Late("PART-HOLD-BACK=0.6", "PART-HOLD-BACK=0.7"),
        ["5 differs"] = In("a", "PART-TARGET=0.2", "PART-TARGET=0.25"),
        ["6 too small"] = Every("PART-HOLD-BACK=0.6", "PART-HOLD-BACK=0.5"),
        ["6 absent"] = Every("PART-HOLD-BACK=0.6,", ""),
        ["7 too small"] = Every("HOLD-BACK=3,", "HOLD-BACK=2.5,"),
        ["8 too small"] = Every("CAN-SKIP-UNTIL=6", "CAN-SKIP-UNTIL=5"),
        ["9 stall"] = new Faults { Parts = static seconds => (int)((seconds < 8 ? seconds : Math.Max(8, seconds - 1)) / 0.2) },
        ["9 dead"] = new Faults { Parts = static seconds => (int)(Math.Min(seconds, 8) / 0.2) },
        ["10 too short"] = new Faults { Playlist = static (_, _, text) => OldSegments().Replace(text, "#EXT-X-MEDIA-SEQUENCE:2") },
        ["11 gone"] = Missing(@"/p10\d\.m4s$", from: 5),
        ["12 gone"] = Missing(@"/s1\d\.m4s$", from: 9),
        ["13 slow"] = new Faults { Answer = static (path, _, answer) => answer with { Delay = path.Contains("_HLS_msn", StringComparison.Ordinal) ? default : HalfSecond } },
        ["14 keyframes"] = new Faults { Answer = static (path, _, answer) => path.EndsWith(".m4s", StringComparison.Ordinal) && Number(path) is not (25 or 28 or 125 or 140) ? answer with { Body = NonSync(answer.Body) } : answer },
        ["14 two audios"] = Master("AUDIO=\"audio\",CLOSED-CAPTIONS=NONE\nv1", "CLOSED-CAPTIONS=NONE\nv1"),
        ["15 at once"] = new Faults { Waits = static wanted => wanted.Part is null ? null : wanted },
        ["15 first part"] = new Faults { Waits = static wanted => (wanted.Sequence, wanted.Part ?? 0) },
        ["16 at once"] = new Faults { Waits = static wanted => wanted.Part is null ? wanted : null },
        ["17 refused"] = Status("_HLS_part=99", 400),
        ["18 refused"] = Status(@"_HLS_msn=[78]$", 400),
        ["18 held"] = new Faults { Answer = static (path, _, answer) => Matches(path, @"_HLS_msn=[78]$") ? answer with { Delay = HalfSecond } : answer },
        ["19 held"] = Status(@"_HLS_msn=30$", 503),
        ["19 part held"] = Status(@"_HLS_part=2\d$", 200),
        ["20 answered"] = Status(@"\?_HLS_part=0$", 200),
        ["21 too long"] = new Faults { Answer = static (path, _, answer) => Matches(path, @"_HLS_msn=2\d$") ? answer with { Delay = TimeSpan.FromSeconds(3.5) } : answer },
        ["21 404"] = Status(@"_HLS_msn=2\d&_HLS_part=3$", 404),
        ["22 hint"] = Ended("#EXT-X-ENDLIST", "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"p900.m4s\"\n#EXT-X-ENDLIST"),
        ["22 directives"] = new Faults { EndsAfter = 49, Answer = static (path, seconds, answer) => seconds > 9 && Matches(path, "_HLS_part=3&_HLS_skip") ? SyntheticAnswer.Empty(400) : answer },
        ["23 too much"] = new Faults { Delta = static text => MoreSkipped().Replace(text, "SKIPPED-SEGMENTS=7$1") },
        ["23 changed"] = new Faults { Delta = static text => text.Replace("EXTINF:1.0,\ns", "EXTINF:0.9,\ns", StringComparison.Ordinal) },
        ["23 version"] = new Faults { Delta = static text => text.Replace("VERSION:10", "VERSION:8", StringComparison.Ordinal) },
        ["23 order"] = new Faults { Delta = static text => SkipFirst().Replace(text, "$2$1") },
        ["24 empty"] = new Faults { Delta = static text => text.Replace("SKIPPED-SEGMENTS=6", "SKIPPED-SEGMENTS=0", StringComparison.Ordinal) },
        ["25 refused"] = new Faults { Answer = static (path, seconds, answer) => Matches(path, @"/p1[1-4]\d\.m4s$") && Number(path) is { } part && seconds < ((part - 100) * 0.2) + 0.05 ? SyntheticAnswer.Empty(404) : answer },
        ["25 trickle"] = new Faults { Answer = static (path, _, answer) => Matches(path, @"/p\d+\.m4s$") ? answer with { Trickle = TimeSpan.FromSeconds(0.15) } : answer },
        ["25 unknown"] = Status("no-such", 200),
        ["26 wrong bytes"] = new Faults { Answer = static (_, _, answer) => answer.Status == 206 ? answer with { Body = [.. answer.Body.Reverse()] } : answer },
        ["26 no ranges"] = new Faults { Answer = static (_, _, answer) => answer.Status == 206 ? answer with { Status = 200 } : answer },
        ["27 no gzip"] = new Faults { Answer = static (_, _, answer) => answer.Headers.ContainsKey("Content-Encoding") ? answer.With("Content-Encoding", null) : answer },
        ["27 no Vary"] = new Faults { Answer = static (_, _, answer) => answer.With("Vary", null) },
        ["27 broken"] = new Faults { Answer = static (_, _, answer) => answer.Headers.ContainsKey("Content-Encoding") ? answer with { Body = [1, 2, 3, 4] } : answer },
        ["28 nothing said"] = new Faults { Answer = static (path, _, answer) => path.EndsWith(".m4s", StringComparison.Ordinal) ? answer.With("Cache-Control", null) : answer },
        ["28 too long"] = new Faults { Answer = static (path, _, answer) => path.EndsWith("playlist.m3u8", StringComparison.Ordinal) ? answer.With("Cache-Control", "max-age=60") : answer },
        ["29 refused"] = Status("rivet=1", 400),
        ["30 absent"] = In("v0", "#EXT-X-RENDITION-REPORT:URI=\"../a", "#EXT-X-RENDITION-NOTE:URI=\"../a"),
        ["30 stale"] = new Faults { Playlist = static (_, parts, text) => LastSequence().Replace(text, match => $"LAST-MSN={int.Parse(match.Groups[1].Value, null) - 2}") },
        ["30 ahead"] = new Faults { Playlist = static (_, parts, text) => LastSequence().Replace(text, match => $"LAST-MSN={int.Parse(match.Groups[1].Value, null) + 2}") },
        ["31 not true"] = In("v0", "URI=\"p117.m4s\"", "URI=\"p117.m4s\",INDEPENDENT=YES"),
        ["31 not said"] = In("v0", ",INDEPENDENT=YES", ""),
        ["32 date too late"] = new Faults { Playlist = static (_, _, text) => DateAndPart().Replace(text, "$2$1") },
        ["33 not marked"] = new Faults { Playlist = static (_, _, text) => text.Replace("#EXT-X-DISCONTINUITY\n", "", StringComparison.Ordinal) },
        ["33 not counted"] = new Faults { Playlist = static (_, _, text) => Removed().Replace(text, "DISCONTINUITY-SEQUENCE:0") },
        ["33 differs"] = new Faults { Playlist = static (rendition, _, text) => rendition == "a" ? Removed().Replace(text, "DISCONTINUITY-SEQUENCE:7") : text },
        ["34 absent"] = new Faults { Playlist = static (rendition, _, text) => rendition == "v1" ? Dates().Replace(text, "") : text },
        ["34 differs"] = new Faults { Playlist = static (rendition, _, text) => rendition == "v1" ? text.Replace(".000Z\n", ".004Z\n", StringComparison.Ordinal) : text },
        ["35 too short"] = Gaps(@"(#EXT-X-GAP\n(?:#EXT-X-BITRATE:\d+\n)?#EXTINF:)1\.0", "${1}0.5"),
        ["36 too low"] = Every("VERSION:10", "VERSION:5"),
        ["36 not independent"] = new Faults { Answer = static (path, _, answer) => Matches(path, @"/s\d+\.m4s$") ? answer with { Body = NonSync(answer.Body) } : answer },
        ["37 changes"] = Late("DURATION=5.0,X", "DURATION=6.0,X"),
        ["37 no ID"] = Every("ID=\"spot\",", ""),
        ["37 removed"] = new Faults { Playlist = static (_, parts, text) => parts < 150 ? text : DateRange().Replace(text, "") },
        ["38 two assets"] = Every("X-ASSET-URI=", "X-ASSET-LIST=\"http://ads.test/list\",X-ASSET-URI="),
        ["39 undefined"] = Master("VALUE=\"playlist\"", "VALUE=\"playlist\"\n#EXT-X-SESSION-DATA:DATA-ID=\"x\",VALUE=\"{$nothing}\""),
        ["40 too low"] = new Faults { Playlist = static (_, _, text) => Bitrate().Replace(text, "#EXT-X-BITRATE:10") },
        ["41 not there"] = Status("steering", 404),
        ["41 no pathways"] = new Faults { Answer = static (path, _, answer) => path.Contains("steering", StringComparison.Ordinal) ? answer with { Body = "{\"VERSION\":1}"u8.ToArray() } : answer },
        ["42 codec"] = Master("avc1.64001e,opus", "avc1.64001f,opus"),
        ["42 no audio codec"] = Master("avc1.64001e,opus", "avc1.64001e"),
        ["42 bandwidth"] = Master("BANDWIDTH=60000,AVERAGE-BANDWIDTH=50000", "BANDWIDTH=9000"),
        ["42 average"] = Master("AVERAGE-BANDWIDTH=50000", "AVERAGE-BANDWIDTH=70000"),
        ["42 resolution"] = Master("RESOLUTION=320x180,F", "RESOLUTION=426x240,F"),
        ["42 frame rate"] = Master("FRAME-RATE=25.000", "FRAME-RATE=50.000"),
        ["42 range"] = Master("VIDEO-RANGE=SDR", "VIDEO-RANGE=HDR"),
        ["42 score"] = Master("SCORE=1,", ""),
        ["42 stable id"] = Master("STABLE-VARIANT-ID=\"v1\"", "STABLE-VARIANT-ID=\"v 1\""),
        ["43 no codecs"] = Master("CODECS=\"avc1.64001e,opus\",", ""),
        ["43 no group"] = Master("AUDIO=\"audio\"", "AUDIO=\"sound\""),
        ["44 event"] = Every("#EXT-X-TARGETDURATION", "#EXT-X-PLAYLIST-TYPE:EVENT\n#EXT-X-TARGETDURATION"),
        ["45 not said"] = In("i0", "#EXT-X-I-FRAMES-ONLY\n", ""),
        ["45 no keyframe"] = new Faults { Answer = static (path, _, answer) => Matches(path, @"/i\d+\.m4s$") ? answer with { Body = NonSync(answer.Body) } : answer },
        ["46 segment 404"] = Status(@"/s21\.m4s$", 404),
        ["46 part 404"] = Status(@"/p9[89]\.m4s$", 404),
        ["46 slow"] = new Faults { Answer = static (path, _, answer) => Matches(path, @"/s21\.m4s$") ? answer with { Trickle = TimeSpan.FromSeconds(1) } : answer },
        ["46 no playlist"] = Status("v1/playlist", 404),
        ["47 no EXTM3U"] = In("v0", "#EXTM3U\n", "\n"),
        ["47 no target"] = In("v0", "#EXT-X-TARGETDURATION:1\n", ""),
        ["47 twice"] = Every("#EXT-X-TARGETDURATION:1\n", "#EXT-X-TARGETDURATION:1\n#EXT-X-TARGETDURATION:1\n"),
        ["47 attributes"] = Every("PART-TARGET=0.2", "PART-TARGET=0.2,,X"),
        ["48 changes"] = new Faults { Playlist = static (_, parts, text) => parts < 130 ? text : text.Replace("EXTINF:1.0,\ns22", "EXTINF:0.99,\ns22", StringComparison.Ordinal) },
        ["48 falls"] = new Faults { Playlist = static (_, parts, text) => parts < 130 ? text : Sequence().Replace(text, "MEDIA-SEQUENCE:3") },
        ["49 part duration"] = Every("DURATION=0.2,URI=\"p117", "DURATION=0.19,URI=\"p117"),
        ["49 segment duration"] = Every("#EXTINF:1.0,\ns21", "#EXTINF:0.9,\ns21"),
        ["49 other bytes"] = new Faults { Answer = static (path, _, answer) => Matches(path, @"/s21\.m4s$") ? answer with { Body = [.. answer.Body[..^1], 1, 2] } : answer },
        ["49 hole"] = new Faults { Answer = static (path, _, answer) => Matches(path, @"/s21\.m4s$") ? answer with { Body = [.. answer.Body[..(answer.Body.Length / 5)], .. answer.Body[(answer.Body.Length / 5 * 2)..]] } : answer },
    };

    private static Faults Every(string right, string wrong) => new() { Playlist = (_, _, text) => text.Replace(right, wrong, StringComparison.Ordinal) };

    private static Faults Gaps(string pattern, string replacement) => new() { Playlist = (_, _, text) => Regex.Replace(text, pattern, replacement) };

    private static Faults In(string where, string right, string wrong) => new()
    {
        Playlist = (rendition, _, text) => rendition == where ? text.Replace(right, wrong, StringComparison.Ordinal) : text,
    };

    private static Faults Late(string right, string wrong) => new()
    {
        Playlist = (_, parts, text) => parts < 150 ? text : text.Replace(right, wrong, StringComparison.Ordinal),
    };

    private static Faults Ended(string right, string wrong) => new() { EndsAfter = 49, Playlist = (_, _, text) => text.Replace(right, wrong, StringComparison.Ordinal) };

    private static Faults Master(string right, string wrong) => new() { Master = text => text.Replace(right, wrong, StringComparison.Ordinal) };

    /// <summary>Another status for what the pattern matches; 200 with a playlist that is none.</summary>
    private static Faults Status(string pattern, int status) => new()
    {
        Answer = (path, _, answer) => Matches(path, pattern) ? new SyntheticAnswer(status, status == 200 ? "#EXTM3U\n"u8.ToArray() : [], []) : answer,
    };

    private static Faults Missing(string pattern, double from) => new()
    {
        Answer = (path, seconds, answer) => seconds > from && Matches(path, pattern) ? SyntheticAnswer.Empty(404) : answer,
    };

    private static bool Matches(string path, string pattern) => Regex.IsMatch(path, pattern);

    private static int? Number(string path) => Regex.Match(path, @"/[psi](\d+)\.m4s$") is { Success: true } match ? int.Parse(match.Groups[1].Value, null) : null;

    /// <summary>The first sample's flags say that it is no sync sample.</summary>
    private static byte[] NonSync(byte[] media)
    {
        byte[] changed = [.. media];
        int trun = changed.AsSpan().IndexOf("trun"u8);
        if (trun > 0 && trun + 17 < changed.Length)
        {
            changed[trun + 17] = 1;
        }

        return changed;
    }

    /// <summary>All but the last two or three segments: everything from the sequence to the first parts.</summary>
    [GeneratedRegex(@"#EXT-X-MEDIA-SEQUENCE:[\s\S]*(?=\n(?:#EXT-X-DISCONTINUITY\n)?(?:#EXT-X-MAP[^\n]*\n)?#EXT-X-PROGRAM[^\n]*\n(?:#EXT-X-PART[^\n]*\n){5}(?:#EXT-X-[^\n]*\n)*#EXTINF[^\n]*\n[^\n]*\n(?:#EXT-X-DISCONTINUITY\n)?(?:#EXT-X-MAP[^\n]*\n)?#EXT-X-PROGRAM[^\n]*\n(?:#EXT-X-PART[^\n]*\n)+#EXT-X-DATERANGE)")]
    private static partial Regex OldSegments();

    [GeneratedRegex(@"SKIPPED-SEGMENTS=6([\s\S]*?)\n(?:#EXT-X-DISCONTINUITY\n)?(?:#EXT-X-MAP[^\n]*\n)?#EXT-X-PROGRAM[^\n]*\n(?:#EXT-X-GAP\n)?#EXT-X-BITRATE[^\n]*\n#EXTINF[^\n]*\n[^\n]*(?=\n)")]
    private static partial Regex MoreSkipped();

    [GeneratedRegex(@"(#EXT-X-MEDIA-SEQUENCE:\d+\n#EXT-X-DISCONTINUITY-SEQUENCE:\d+\n)(#EXT-X-SKIP:[^\n]*\n)")]
    private static partial Regex SkipFirst();

    [GeneratedRegex(@"LAST-MSN=(\d+)")]
    private static partial Regex LastSequence();

    [GeneratedRegex(@"(#EXT-X-PROGRAM-DATE-TIME[^\n]*\n)(#EXT-X-PART:[^\n]*\n)")]
    private static partial Regex DateAndPart();

    [GeneratedRegex(@"DISCONTINUITY-SEQUENCE:\d+")]
    private static partial Regex Removed();

    [GeneratedRegex(@"#EXT-X-PROGRAM-DATE-TIME[^\n]*\n")]
    private static partial Regex Dates();

    [GeneratedRegex(@"#EXT-X-DATERANGE[^\n]*\n")]
    private static partial Regex DateRange();

    [GeneratedRegex(@"#EXT-X-BITRATE:\d+")]
    private static partial Regex Bitrate();

    [GeneratedRegex(@"MEDIA-SEQUENCE:\d+")]
    private static partial Regex Sequence();
}
