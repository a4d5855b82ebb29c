using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Hls;

/// <summary>Every kind of playlist, read by a parser that is not ours and takes the specification by its word.</summary>
public sealed class StrictParserTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PayloadPool _pool = new();
    private readonly List<string> _files = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task HlsParser_InStrictMode_AcceptsEveryPlaylist()
    {
        using HlsPresentation presentation = new(FragmentFactory.Session(), new HlsPlan(0.5, 2, 60), SourceListing.Auto);
        Announce(presentation.Session.DateRanges);
        BoardDriver video = Open(presentation, "480p", FragmentFactory.Video);
        Open(presentation, "audio", FragmentFactory.Audio).Segments(3);
        video.Lost().Lost().Lost().Segment().Parts(1);
        Keep("first", video);
        video.Parts(3).Segments(8).Segment(isDiscontinuity: true, initNumber: 1).Parts(2).Lost().Segments(2).Segment().Parts(2);
        Keep("live", video);
        Write("delta", video.Board.Current.Delta);
        Assert.NotSame(video.Board.Current.Rendered, video.Board.Current.Delta);
        Write("master", presentation.Master()!);
        Keep("ended", video.End());
        using HlsPresentation sound = new(FragmentFactory.Session(), new HlsPlan(0.5, 2, 60), SourceListing.Auto);
        Keep("sound", Open(sound, "audio", FragmentFactory.Audio).Segments(3));
        Write("sound-master", sound.Master()!);

        ToolRun run = await ParseAsync();

        Assert.True(run.ExitCode == 0, $"hls-parser refused (is it installed? tools/test installs it):\n{run.Errors}");
        Assert.Equal(_files.Count, run.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task HlsParser_OfAPlaylistThatBreaksARule_RefusesIt()
    {
        using HlsPresentation presentation = new(FragmentFactory.Session(), new HlsPlan(0.5, 2, 60), SourceListing.Auto);
        BoardDriver video = Open(presentation, "480p", FragmentFactory.Video).Segment().Parts(4, seconds: 0.75);
        Write("long-parts", video.Board.Current.Rendered);

        Assert.NotEqual(0, (await ParseAsync()).ExitCode);
    }

    /// <summary>An ad break and a message, in the year that the driver's media is of.</summary>
    private static void Announce(DateRanges ranges)
    {
        DateTimeOffset start = DateTimeOffset.UnixEpoch.AddYears(56).AddSeconds(7);
        DateRange spot = new()
        {
            Id = "segmentation-1-1",
            Start = start,
            DurationSeconds = 4,
            PlannedSeconds = 5,
            Attributes = [("SCTE35-OUT", "0xFC30"), ("SCTE35-IN", "0xFC31")],
        };
        Assert.True(ranges.TryPut(spot));
        Assert.True(ranges.TryPut(new DateRange { Id = "event-2", Class = "urn:a", Start = start, Attributes = [("X-EMSG-ID", "\"7\""), ("X-EMSG-DATA", "0xAB")] }));
    }

    private BoardDriver Open(HlsPresentation presentation, string name, TrackDescription track) => new BoardDriver(presentation.Open(name), _pool).Init(track);

    private void Keep(string name, BoardDriver board)
    {
        Write(name, board.Board.Current.Rendered);
        Write($"{name}-iframes", board.Board.Current.Keyframes);
    }

    private void Write(string name, RenderedPlaylist playlist)
    {
        string file = _folder.PathOf($"{name}.m3u8");
        File.WriteAllText(file, playlist.Text);
        _files.Add(file);
    }

    private Task<ToolRun> ParseAsync() =>
        ToolRun.RunAsync("node", [Path.Combine(Repository.Root, "Rivet.Live.Tests", "Player", "parse.mjs"), .. _files]);
}
