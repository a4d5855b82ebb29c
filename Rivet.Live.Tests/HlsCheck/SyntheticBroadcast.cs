using System.Globalization;
using System.Text;

namespace Rivet.Live.Tests.HlsCheck;

/// <summary>
/// A correct LL-HLS broadcast as a function of how many parts exist: segments of one second, five parts each, every eighth behind a
/// discontinuity, every eleventh a gap; two videos, one audio, I-frames.
/// </summary>
internal static class SyntheticBroadcast
{
    public const int PartsPerSegment = 5;
    public const double PartSeconds = 0.2;

    private static readonly int VideoKilobits = Segment("v0", 1).Length * 8 / 1000;
    private static readonly int AudioKilobits = Segment("a", 1).Length * 8 / 1000;

    private const int Window = 12;
    private const int SkipBoundary = 6;

    public static string Master { get; } = """
        #EXTM3U
        #EXT-X-VERSION:8
        #EXT-X-DEFINE:NAME="list",VALUE="playlist"
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-CONTENT-STEERING:SERVER-URI="steering.json",PATHWAY-ID="."
        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Main",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="a/{$list}.m3u8"
        #EXT-X-STREAM-INF:BANDWIDTH=60000,AVERAGE-BANDWIDTH=50000,CODECS="avc1.64001e,opus",RESOLUTION=640x360,FRAME-RATE=25.000,VIDEO-RANGE=SDR,SCORE=2,STABLE-VARIANT-ID="v0",AUDIO="audio",CLOSED-CAPTIONS=NONE
        v0/{$list}.m3u8
        #EXT-X-STREAM-INF:BANDWIDTH=60000,AVERAGE-BANDWIDTH=50000,CODECS="avc1.64001e,opus",RESOLUTION=320x180,FRAME-RATE=25.000,VIDEO-RANGE=SDR,SCORE=1,STABLE-VARIANT-ID="v1",AUDIO="audio",CLOSED-CAPTIONS=NONE
        v1/{$list}.m3u8
        #EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=10000,CODECS="avc1.64001e",RESOLUTION=640x360,URI="i0/{$list}.m3u8"

        """;

    /// <param name="rendition">v0, v1, a or i0.</param>
    /// <param name="parts">How many exist.</param>
    /// <param name="isEnded">With EXT-X-ENDLIST.</param>
    /// <param name="isDelta">With EXT-X-SKIP.</param>
    public static string Playlist(string rendition, int parts, bool isEnded, bool isDelta)
    {
        bool isIFrame = rendition[0] == 'i';
        int complete = isEnded ? (parts + PartsPerSegment - 1) / PartsPerSegment : parts / PartsPerSegment;
        int first = complete - Window;
        int skipped = isDelta && !isEnded ? Window - SkipBoundary : 0;
        StringBuilder text = new("#EXTM3U\n#EXT-X-VERSION:10\n#EXT-X-TARGETDURATION:1\n");
        if (isIFrame)
        {
            text.Append("#EXT-X-I-FRAMES-ONLY\n");
        }
        else
        {
            text.Append("#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.6,HOLD-BACK=3,CAN-SKIP-UNTIL=6,CAN-SKIP-DATERANGES=YES\n#EXT-X-PART-INF:PART-TARGET=0.2\n");
        }

        Line(text, $"#EXT-X-MEDIA-SEQUENCE:{first}\n#EXT-X-DISCONTINUITY-SEQUENCE:{Discontinuities(first - 1)}");
        if (skipped > 0)
        {
            Line(text, $"#EXT-X-SKIP:SKIPPED-SEGMENTS={skipped}");
        }

        for (int segment = first + skipped; segment <= complete; segment++)
        {
            WriteSegment(text, rendition, segment, parts, complete, segment == first);
        }

        if (!isIFrame)
        {
            Line(text, $"#EXT-X-DATERANGE:ID=\"spot\",CLASS=\"com.apple.hls.interstitial\",START-DATE=\"{Date(40)}\",DURATION=5.0,X-ASSET-URI=\"http://ads.test/spot.m3u8\"");
        }

        if (isEnded || isIFrame)
        {
            return text.Append(isEnded ? "#EXT-X-ENDLIST\n" : "").ToString();
        }

        Line(text, $"#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"p{NextFetchable(parts)}.m4s\"");
        foreach (string other in (string[])["v0", "v1", "a"])
        {
            if (other != rendition)
            {
                Line(text, $"#EXT-X-RENDITION-REPORT:URI=\"../{other}/playlist.m3u8\",LAST-MSN={(parts - 1) / PartsPerSegment},LAST-PART={(parts - 1) % PartsPerSegment}");
            }
        }

        return text.ToString();
    }

    public static bool IsGap(int segment) => segment % 11 == 0;

    public static byte[] Init(string rendition) => rendition switch
    {
        "a" => TinyMp4.AudioInit(48000),
        "v1" => TinyMp4.VideoInit(320, 180, 25000),
        _ => TinyMp4.VideoInit(640, 360, 25000),
    };

    public static byte[] Part(string rendition, int part)
    {
        bool isAudio = rendition == "a";
        (uint timescale, uint duration, int samples) = isAudio ? (48000u, 960u, 10) : (25000u, 1000u, 5);
        int segment = part / PartsPerSegment;

        // Each discontinuity is a jump of ten seconds in media time.
        double seconds = (part * PartSeconds) + (10 * Discontinuities(segment));
        return TinyMp4.Fragment((long)Math.Round(seconds * timescale), duration, samples, isAudio ? 10 : 100, part % PartsPerSegment == 0 || isAudio, isAudio);
    }

    public static byte[] Segment(string rendition, int segment) =>
        [.. Enumerable.Range(segment * PartsPerSegment, PartsPerSegment).SelectMany(part => Part(rendition, part))];

    /// <summary>Just the keyframe: a fragment as long as its segment.</summary>
    public static byte[] IFrame(int segment) =>
        TinyMp4.Fragment((segment + (10 * Discontinuities(segment))) * 25000L, 25000, 1, 100, startsWithSync: true, allSync: true);

    private static void WriteSegment(StringBuilder text, string rendition, int segment, int parts, int complete, bool needsMap)
    {
        int existing = Math.Min(PartsPerSegment, parts - (segment * PartsPerSegment));
        if (existing <= 0)
        {
            return;
        }

        bool isIFrame = rendition[0] == 'i';
        if (segment % 8 == 0)
        {
            text.Append("#EXT-X-DISCONTINUITY\n");
        }

        if (needsMap || segment % 8 == 0)
        {
            text.Append("#EXT-X-MAP:URI=\"init.mp4\"\n");
        }

        Line(text, $"#EXT-X-PROGRAM-DATE-TIME:{Date(segment)}");
        for (int index = 0; index < existing && complete - segment <= 3 && !isIFrame; index++)
        {
            bool isIndependent = index == 0 || rendition == "a";
            Line(text, $"#EXT-X-PART:DURATION=0.2,URI=\"p{(segment * PartsPerSegment) + index}.m4s\"{(isIndependent ? ",INDEPENDENT=YES" : "")}{(IsGap(segment) ? ",GAP=YES" : "")}");
        }

        if (segment >= complete)
        {
            return;
        }

        Line(text, $"{(IsGap(segment) ? "#EXT-X-GAP\n" : "")}#EXT-X-BITRATE:{Kilobits(rendition)}\n#EXTINF:1.0,\n{(isIFrame ? "i" : "s")}{segment}.m4s");
    }

    /// <summary>Parts of a gap are never there, so nothing of one is hinted.</summary>
    private static int NextFetchable(int parts) => IsGap(parts / PartsPerSegment) ? ((parts / PartsPerSegment) + 1) * PartsPerSegment : parts;

    private static int Kilobits(string rendition) => rendition[0] switch { 'i' => 1, 'a' => AudioKilobits, _ => VideoKilobits };

    private static int Discontinuities(int segment) => segment / 8;

    private static string Date(int segment) =>
        DateTimeOffset.UnixEpoch.AddYears(50).AddSeconds(segment).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
