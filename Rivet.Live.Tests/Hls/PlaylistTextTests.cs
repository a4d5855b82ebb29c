using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Hls;

/// <summary>Playlists as players read them. The expected texts are in Goldens, to be read by people.</summary>
public sealed class PlaylistTextTests : IDisposable
{
    private static readonly HlsPlan Plan = new(0.5, 2, 6);

    private readonly PayloadPool _pool = new();
    private readonly BroadcastSession _session = FragmentFactory.Session();
    private HlsPresentation? _presentation;

    public void Dispose() => _presentation?.Dispose();

    [Fact]
    public void MediaPlaylist_OfALiveTrack_ReadsAsItsGolden()
    {
        BoardDriver board = Board("480p").Segments(1).Segment(isDiscontinuity: true, initNumber: 1).Parts(4).Lost().Segments(1).Segment().Parts(2);
        Board("720p").Segments(4).Segment().Parts(3);
        Board("audio", FragmentFactory.Audio).Segments(4);
        Board("source");

        AssertGolden("media-live.m3u8", Text(board));
    }

    [Fact]
    public void MediaPlaylist_OfATrackThatEnded_ReadsAsItsGolden()
    {
        BoardDriver board = Board("480p").Segments(5).Segment().Parts(1).End();
        Board("720p").Segments(5);

        AssertGolden("media-ended.m3u8", Text(board));
    }

    [Fact]
    public void MediaPlaylist_WhoseMapIsBeforeAllParts_NamesTheInitOfTheFirstListedSegment()
    {
        BoardDriver board = Board("480p").Segment(initNumber: 0).Parts(4).Segment(isDiscontinuity: true, initNumber: 1).Parts(4).Segments(5);

        string[] lines = Text(board).Split('\n');

        Assert.Contains("#EXT-X-DISCONTINUITY-SEQUENCE:1", lines);
        Assert.Single(lines, static line => line == "#EXT-X-MAP:URI=\"init1.mp4\"");
        Assert.DoesNotContain("#EXT-X-DISCONTINUITY", lines);
    }

    [Fact]
    public void MasterPlaylist_OfALadderWithAudio_ReadsAsItsGolden()
    {
        Board("480p", FragmentFactory.Video with { Width = 854, Height = 480, Codec = "avc1.4d401f" }).Segments(3);
        Board("720p", FragmentFactory.Video with { Width = 1280, Height = 720, Codec = "avc1.64001f" }).Segments(3);
        Board("audio", FragmentFactory.Audio).Segments(3);
        Board("1080p");

        AssertGolden("master.m3u8", _presentation!.Master()!.Text);
    }

    [Fact]
    public void MasterPlaylist_BeforeAnythingCanBePlayed_IsNot()
    {
        Board("480p");

        Assert.Null(_presentation!.Master());
    }

    [Fact]
    public void MasterPlaylist_OfAudioAlone_HasItAsItsVariant()
    {
        Board("audio", FragmentFactory.Audio).Segments(2);

        string master = Master();

        Assert.Contains("CODECS=\"mp4a.40.2\",SCORE=1.0,STABLE-VARIANT-ID=\"audio\",CLOSED-CAPTIONS=NONE\nSESSION/audio/playlist.m3u8\n", master, StringComparison.Ordinal);
        Assert.DoesNotContain("EXT-X-MEDIA:", master, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Auto", true, false, false)]
    [InlineData("Auto", true, true, true)]
    [InlineData("Auto", false, false, true)]
    [InlineData("Always", true, false, true)]
    [InlineData("Never", true, true, false)]
    public void MasterPlaylist_ListsTheSourceWhereItMay(string listing, bool hasRendition, bool sourceFollowsGrid, bool expected)
    {
        _presentation = new HlsPresentation(_session, Plan, Enum.Parse<SourceListing>(listing));
        Board("source").Segments(1);
        if (hasRendition)
        {
            Board("480p").Segments(1);
        }

        if (!sourceFollowsGrid)
        {
            KeyframesStopComing();
        }

        Assert.Equal(sourceFollowsGrid, _session.Grid.SourceFollowsGrid);
        Assert.Equal(expected, Master().Contains("/source/", StringComparison.Ordinal));
    }

    /// <summary>RFC 8216bis B.1: of every other playlist that a viewer may be playing, and of no other.</summary>
    [Fact]
    public void RenditionReports_AreOfEveryOtherPlaylistThatMayBePlayed()
    {
        _presentation = new HlsPresentation(_session, Plan, SourceListing.Never);
        BoardDriver source = Board("source").Segments(2);
        BoardDriver video = Board("480p").Segments(2);
        Board("audio", FragmentFactory.Audio).Segments(1).Segment().Parts(2);
        Board("720p");

        Assert.Equal(["../audio/playlist.m3u8\",LAST-MSN=1,LAST-PART=1"], Reports(video.Segment().Parts(1)));
        Assert.Equal(
            ["../480p/playlist.m3u8\",LAST-MSN=2,LAST-PART=0", "../audio/playlist.m3u8\",LAST-MSN=1,LAST-PART=1"],
            Reports(source.Segment().Parts(1)));
    }

    /// <summary>A player that began with it goes on, and switches by its reports.</summary>
    [Fact]
    public void RenditionReports_AreAlsoOfASourceThatLeftTheMaster()
    {
        Board("source").Segments(2);
        BoardDriver video = Board("480p").Segments(2);
        KeyframesStopComing();

        Assert.DoesNotContain("/source/", Master(), StringComparison.Ordinal);
        Assert.Equal(["../source/playlist.m3u8\",LAST-MSN=1,LAST-PART=3"], Reports(video.Segment().Parts(1)));
    }

    /// <summary>RFC 8216bis 4.4.1.2: said where it holds whatever the publisher does, since a playlist cannot take it back.</summary>
    [Theory]
    [InlineData("480p", true)]
    [InlineData("audio", true)]
    [InlineData("source", false)]
    public void MediaPlaylist_PromisesIndependentSegments_WhereWeMakeThem(string track, bool expected)
    {
        BoardDriver board = Board(track).Segments(2);

        Assert.Equal(expected, Text(board).Contains("#EXT-X-INDEPENDENT-SEGMENTS\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WaitingForARenditionThatNeverComes_OpensNoPlaylist()
    {
        ManualTime time = new();
        Board("480p").Segments(1);
        Task waiting = _presentation!.WhenPlayableAsync(static () => ["480p", "720p"], time.GetUtcNow().AddSeconds(5), time, CancellationToken.None);
        await Eventually.TrueAsync(() => time.Waiting == 1, "it waits");

        time.Advance(TimeSpan.FromSeconds(5));
        await waiting.WaitAsync(Eventually.Patience);

        Assert.Null(_presentation.Find("720p"));
        Assert.Equal("480p", Assert.Single(_presentation.Boards).Name);
    }

    [Fact]
    public async Task WaitingForARenditionThatComes_EndsWithItsFirstPart()
    {
        ManualTime time = new();
        Board("480p").Segments(1);
        Task waiting = _presentation!.WhenPlayableAsync(static () => ["480p", "720p"], time.GetUtcNow().AddSeconds(5), time, CancellationToken.None);
        BoardDriver late = Board("720p").Segment();
        Assert.False(waiting.IsCompleted);

        late.Parts(1);

        await waiting.WaitAsync(Eventually.Patience);
    }

    /// <summary>The publisher's GOP gets longer than a segment may be.</summary>
    private void KeyframesStopComing()
    {
        FragmentFactory fragments = new();
        for (int number = 0; number < 100; number++)
        {
            using Fragment fragment = fragments.One(number, isSync: number == 0);
            _session.Grid.Observe(fragment);
        }
    }

    private static IEnumerable<string> Reports(BoardDriver board) =>
        Text(board).Split('\n').Where(static line => line.StartsWith("#EXT-X-RENDITION-REPORT", StringComparison.Ordinal)).Select(static line => line.Split("URI=\"")[1]);

    private BoardDriver Board(string name, TrackDescription? track = null)
    {
        _presentation ??= new HlsPresentation(_session, Plan, SourceListing.Auto);
        return new BoardDriver(_presentation.Open(name), _pool).Init(track ?? FragmentFactory.Video);
    }

    private string Master() => _presentation!.Master()!.Text.Replace(_session.SessionId, "SESSION", StringComparison.Ordinal);

    private static string Text(BoardDriver board) => System.Text.Encoding.UTF8.GetString(board.Board.Current.Rendered.Identity.Span);

    private void AssertGolden(string name, string actual) =>
        Assert.Equal(Repository.Read($"Rivet.Live.Tests/Goldens/{name}"), actual.Replace(_session.SessionId, "SESSION", StringComparison.Ordinal));
}
