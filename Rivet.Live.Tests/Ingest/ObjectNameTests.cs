using Rivet.Live.Core.Ingest;
using Xunit;

namespace Rivet.Live.Tests.Ingest;

/// <summary>Which objects belong together, by their names and by manifests.</summary>
public sealed class ObjectNameTests
{
    [Theory]
    [InlineData("init-stream0.m4s", "chunk-stream0-00001.m4s", "chunk-stream0-00912.m4s")]
    [InlineData("video/init.mp4", "video/1.m4s", "video/2.m4s")]
    [InlineData("video-1280x720-700k.cmfv", "video-1280x720-700k-7.cmfv", "video-1280x720-700k-8.cmfv")]
    [InlineData("a_128.init", "a_128_0.m4s", "a_128_36000.m4s")]
    [InlineData("header.mp4", "1.m4s", "seg2.m4s")]
    [InlineData("audio/header.m4s", "audio/segment_1.m4s", "audio/segment_2.m4s")]
    public void Init_AndItsMedia_HaveOneKey(string init, params string[] media) =>
        Assert.All(media, name => Assert.Equal(Of(init).Key, Of(name).Key));

    [Theory]
    [InlineData("Streams(video.cmfv)", "video.cmfv", true, false)]
    [InlineData("out.mpd", "out", false, true)]
    [InlineData("live.m3u8", "live", false, true)]
    [InlineData("live12.m4s", "live", false, false)]
    public void Name_SaysWhatItIs(string text, string key, bool isStream, bool isManifest)
    {
        ObjectName name = Of(text);

        Assert.Equal((key, isStream, isManifest), (name.Key, name.IsStream, name.IsManifest));
    }

    [Theory]
    [InlineData("../init.mp4")]
    [InlineData("a//b.m4s")]
    [InlineData(".hidden.m4s")]
    [InlineData("a b.m4s")]
    [InlineData("a\\b.m4s")]
    [InlineData("a%2e%2e.m4s")]
    [InlineData("")]
    [InlineData("Streams()")]
    [InlineData("Streams(a/b)")]
    public void Name_WithTricks_IsNone(string text) => Assert.False(ObjectName.TryParse(text, out _));

    [Fact]
    public void Media_OfAnotherName_BelongsToTheOnlyInit()
    {
        ObjectGroups groups = new();

        Assert.Equal(groups.StreamOf(Of("init.mp4")), groups.StreamOf(Of("live0.m4s")));
        Assert.Equal(groups.StreamOf(Of("init.mp4")), groups.StreamOf(Of("live1.m4s")));
    }

    [Fact]
    public void Media_OfSeveralInits_BelongsToTheOneThatItsNameEndsWith()
    {
        ObjectGroups groups = new();
        string first = groups.StreamOf(Of("init_0.mp4"));
        string second = groups.StreamOf(Of("init_1.mp4"));

        Assert.Equal(first, groups.StreamOf(Of("stream_0_7.m4s")));
        Assert.Equal(second, groups.StreamOf(Of("stream_1_7.m4s")));
    }

    [Fact]
    public void Mpd_SaysWhichMediaAnInitIsFor()
    {
        const string mpd = """
            <?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="dynamic"><Period><AdaptationSet>
            <SegmentTemplate initialization="start/$RepresentationID$.mp4" media="run/$RepresentationID$/$Number%05d$.m4s" startNumber="1"/>
            <Representation id="lo"/><Representation id="hi"/></AdaptationSet></Period></MPD>
            """;
        ObjectGroups groups = new();

        PushedManifest manifest = PushedManifest.Read(System.Text.Encoding.UTF8.GetBytes(mpd));
        groups.Learn(manifest);

        Assert.False(manifest.IsOver);
        Assert.Equal(groups.StreamOf(Of("start/hi.mp4")), groups.StreamOf(Of("run/hi/00004.m4s")));
        Assert.NotEqual(groups.StreamOf(Of("start/lo.mp4")), groups.StreamOf(Of("run/hi/00004.m4s")));
    }

    [Fact]
    public void Playlist_SaysWhichMediaAnInitIsForAndWhenItIsOver()
    {
        const string text = "#EXTM3U\n#EXT-X-MAP:URI=\"head.mp4\"\n#EXTINF:2,\nprogramme7.m4s\n#EXT-X-ENDLIST\n";
        ObjectGroups groups = new();

        PushedManifest manifest = PushedManifest.Read(System.Text.Encoding.UTF8.GetBytes(text));
        groups.Learn(manifest);

        Assert.True(manifest.IsOver);
        Assert.Equal(groups.StreamOf(Of("head.mp4")), groups.StreamOf(Of("programme8.m4s")));
    }

    [Theory]
    [InlineData("<MPD type=\"static\"/>", true)]
    [InlineData("<MPD type=\"dynamic\"/>", false)]
    [InlineData("<MPD type=\"static\"", false)]
    [InlineData("no manifest at all", false)]
    [InlineData("<!DOCTYPE b [<!ENTITY a \"x\"><!ENTITY c \"&a;&a;\">]><MPD type=\"static\">&c;</MPD>", false)]
    [InlineData("", false)]
    public void Manifest_OfAnyText_IsReadOrIgnored(string text, bool isOver) =>
        Assert.Equal(isOver, PushedManifest.Read(System.Text.Encoding.UTF8.GetBytes(text)).IsOver);

    private static ObjectName Of(string text) => ObjectName.TryParse(text, out ObjectName? name) ? name : throw new FormatException(text);
}
