using System.Globalization;
using System.IO.Pipelines;
using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Pipeline;
using Rivet.Live.Tests.Demuxing;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Pipeline;

/// <summary>Publishers that send a request per segment: what they send again, how they come back, and how they say that it is over.</summary>
public sealed class ObjectDialectTests : IAsyncLifetime, IDisposable
{
    private const int PicturesPerSegment = 50;

    private static readonly BroadcastId Demo = BroadcastId.Parse("live/demo");
    private static readonly LivePlan Plan = new() { Ladder = [] };

    /// <summary>What says in a segment that none follows (DASH-IF Ingest 6.3).</summary>
    private static readonly byte[] Last = SyntheticStream.Box("styp", [.. "msdh"u8, 0, 0, 0, 0, .. "msdh"u8, .. "lmsg"u8]);

    private readonly ManualTime _time = new();
    private readonly CancellationTokenSource _patience = new(Eventually.Patience, TimeProvider.System);
    private readonly LivePipeline _pipeline;

    public ObjectDialectTests() => _pipeline = new LivePipeline(Plan, TestCodecs.Shared, _time, NullLoggerFactory.Instance);

    /// <summary>Names of an init and of segments, <c>#</c> for their number, and the manifest that goes with them.</summary>
    public static TheoryData<string, string, string, string> Dialects => new()
    {
        { "video/init.mp4", "video/#.m4s", "", "" },
        { "init-stream0.m4s", "chunk-stream0-#.m4s", "out.mpd", """<MPD type="dynamic"><Period><AdaptationSet><SegmentTemplate initialization="init-stream$RepresentationID$.m4s" media="chunk-stream$RepresentationID$-$Number%05d$.m4s"/><Representation id="0"/></AdaptationSet></Period></MPD>""" },
        { "init.mp4", "live#.m4s", "live.m3u8", "#EXTM3U\n#EXT-X-MAP:URI=\"init.mp4\"\n#EXTINF:2,\nlive1.m4s\n" },
    };

    public Task InitializeAsync() => Task.CompletedTask;

    public void Dispose() => _patience.Dispose();

    public async Task DisposeAsync()
    {
        await _pipeline.DisposeAsync();
        Assert.Equal((0L, 0L), (_pipeline.Payloads.LentPayloads, _pipeline.Payloads.LentBytes));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task SegmentsSentAgain_AreIgnored_AndLmsgEndsTheBroadcast(string init, string media, string manifest, string text)
    {
        await PushAsync(init, SyntheticStream.Init());
        await PushManifestAsync(manifest, text);
        LiveBroadcast broadcast = await PushSegmentAsync(media, 1);
        await PushSegmentAsync(media, 2);

        // As an encoder does that was cut off.
        await PushAsync(init, SyntheticStream.Init());
        await PushSegmentAsync(media, 1);
        await PushSegmentAsync(media, 2);
        await PushSegmentAsync(media, 2);
        await PushAsync(Name(media, 3), [.. Last, .. Segment(3)]);
        await EndedAsync(broadcast);

        PlaylistSnapshot playlist = broadcast.Presentation.Find("source")!.Current;
        Assert.True(playlist.IsEnded);
        Assert.Equal([2.0, 2.0, 2.0], playlist.Segments.Select(static segment => Math.Round(segment.DurationSeconds, 3)));
        Assert.DoesNotContain(playlist.Segments, static segment => segment.IsGap || segment.Head.IsDiscontinuity);
        Assert.Equal(3, Assert.Single(broadcast.Point.Meters).Fragments);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Publisher_ThatBrokeOffAndIsStartedAgain_ContinuesBehindADiscontinuity(string init, string media, string manifest, string text)
    {
        await PushAsync(init, SyntheticStream.Init());
        await PushManifestAsync(manifest, text);
        LiveBroadcast broadcast = await PushSegmentAsync(media, 1);
        Assert.Equal(IngestEndReason.Broken, (await PushAsync(Name(media, 2), Segment(2)[..^1])).Reason);
        await PassUntilAsync(() => broadcast.State == BroadcastState.Interrupted, "it is given up");
        _time.Advance(TimeSpan.FromSeconds(5));

        await PushAsync(init, SyntheticStream.Init());
        Assert.Same(broadcast, await PushSegmentAsync(media, 1));
        await PushAsync(Name(media, 2), [.. Last, .. Segment(2)]);
        await EndedAsync(broadcast);

        RequireContinued(broadcast);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Publisher_ThatTakesOver_ReplacesTheFirstAndContinuesBehindADiscontinuity(string init, string media, string manifest, string text)
    {
        await PushAsync(init, SyntheticStream.Init());
        await PushManifestAsync(manifest, text);
        LiveBroadcast broadcast = await PushSegmentAsync(media, 1);
        Publisher first = broadcast.Point.Publisher!;
        _time.Advance(TimeSpan.FromSeconds(5));

        // From another machine: at first not allowed, then with ?takeover=1.
        Assert.Equal(EnterRefusal.AlreadyPublished, (await _pipeline.EnterObjectsAsync(Demo, From("other"), IsFrom("other"), takesOver: false, _patience.Token)).Refusal);
        await PushAsync(init, SyntheticStream.Init(), "other", takesOver: true);
        await PushSegmentAsync(media, 1, "other", takesOver: true);
        await PushAsync(Name(media, 2), [.. Last, .. Segment(2)], "other", takesOver: true);
        await EndedAsync(broadcast);

        Assert.Equal(IngestEndReason.TakenOver, first.ClosedFor);
        RequireContinued(broadcast);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task MediaBeforeItsInit_IsToldSo_AndTakenOnceTheInitCame(string init, string media, string manifest, string text)
    {
        await PushManifestAsync(manifest, text);
        IngestRejectedException early = await Assert.ThrowsAsync<IngestRejectedException>(() => PushSegmentAsync(media, 1));
        await PushAsync(init, SyntheticStream.Init());
        LiveBroadcast broadcast = await PushSegmentAsync(media, 1);
        await PushAsync(Name(media, 2), [.. Last, .. Segment(2)]);
        await EndedAsync(broadcast);

        Assert.Equal(412, early.Reason.HttpStatus());
        PlaylistSnapshot playlist = broadcast.Presentation.Find("source")!.Current;
        Assert.Equal([2.0, 2.0], playlist.Segments.Select(static segment => Math.Round(segment.DurationSeconds, 3)));
        Assert.DoesNotContain(playlist.Segments, static segment => segment.IsGap || segment.Head.IsDiscontinuity);
    }

    /// <summary>A sparse track of events beside the picture (DASH-IF Ingest 6): what it says is in the playlists, and nobody waits for it.</summary>
    [Fact]
    public async Task EventsOfATrack_AreDateRanges()
    {
        await PushAsync("video/init.cmfv", SyntheticStream.Init());
        await PushSegmentAsync("video/#.cmfv", 1);
        await PushAsync("events/init.cmft", EventTrack.Init());
        Emib news = new("urn:example:title", "1", Delta: 500, Duration: 250, Id: 7, "News"u8.ToArray());

        // Each sample says what goes on in it.
        await PushAsync("events/1.cmft", EventTrack.Part(1000, 1000, news));
        await PushAsync("events/2.cmft", EventTrack.Part(2000, 1000, news with { Delta = -500 }));
        await PushAsync("events/3.cmft", EventTrack.Part(3000, 1000));
        LiveBroadcast broadcast = await PushSegmentAsync("video/#.cmfv", 2);
        await PushAsync("video/3.cmfv", [.. Last, .. Segment(3)]);
        await EndedAsync(broadcast);

        PlaylistSnapshot playlist = broadcast.Presentation.Find("source")!.Current;
        Assert.Equal([2.0, 2.0, 2.0], playlist.Segments.Select(static segment => Math.Round(segment.DurationSeconds, 3)));
        DateRange range = Assert.Single(broadcast.Session.DateRanges.ListedFrom(DateTimeOffset.MinValue));
        Assert.Equal(("urn:example:title", 0.25), (range.Class, range.DurationSeconds!.Value));
        Assert.Equal(1.5, (range.Start - playlist.Segments[0].Head.WallClock).TotalSeconds, 0.001);
        Assert.Equal("video", Assert.Single(broadcast.Point.Meters).Name);
    }

    private static void RequireContinued(LiveBroadcast broadcast)
    {
        PlaylistSnapshot playlist = broadcast.Presentation.Find("source")!.Current;
        Assert.True(playlist.IsEnded);
        Assert.Equal([false, true, false], playlist.Segments.Where(static segment => !segment.IsGap).Select(static segment => segment.Head.IsDiscontinuity));
        Assert.True(playlist.Segments[^1].Head.WallClock > playlist.Segments[0].Head.WallClock.AddSeconds(5));
    }

    private static byte[] Segment(int number) => SyntheticBody.Part((number - 1) * PicturesPerSegment * 40, PicturesPerSegment);

    private static string Name(string media, int number) => media.Replace("#", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static Publisher From(string remote) => new(remote, "cmaf-segments");

    private static Func<Publisher, bool> IsFrom(string remote) => there => there.Remote == remote;

    private async Task<LiveBroadcast> PushSegmentAsync(string media, int number, string remote = "one", bool takesOver = false)
    {
        (IngestEndReason reason, LiveBroadcast broadcast) = await PushAsync(Name(media, number), Segment(number), remote, takesOver);
        Assert.Equal(IngestEndReason.Finished, reason);
        return broadcast;
    }

    private async Task<(IngestEndReason Reason, LiveBroadcast Broadcast)> PushAsync(string name, byte[] bytes, string remote = "one", bool takesOver = false)
    {
        Assert.True(ObjectName.TryParse(name, out ObjectName? parsed));
        (LiveBroadcast? broadcast, ObjectPublisher? objects, EnterRefusal? refusal) =
            await _pipeline.EnterObjectsAsync(Demo, From(remote), IsFrom(remote), takesOver, _patience.Token);
        Assert.Null(refusal);
        IngestEndReason reason = IngestEndReason.Rejected;
        try
        {
            (reason, _) = await objects!.TakeAsync(broadcast!.Point, parsed, PipeReader.Create(new MemoryStream(bytes)), from: null, Plan.IngestLimits.Idle);
            return (reason, broadcast);
        }
        finally
        {
            objects!.EndBody(reason);
        }
    }

    private async Task PushManifestAsync(string name, string text)
    {
        if (name.Length == 0)
        {
            return;
        }

        Assert.True(ObjectName.TryParse(name, out ObjectName? parsed));
        (_, ObjectPublisher? objects, _) = await _pipeline.EnterObjectsAsync(Demo, From("one"), IsFrom("one"), takesOver: false, _patience.Token);
        objects!.Take(parsed, PushedManifest.Read(System.Text.Encoding.UTF8.GetBytes(text)));
        objects.EndBody(IngestEndReason.Finished);
    }

    private Task EndedAsync(LiveBroadcast broadcast) => PassUntilAsync(() => broadcast.WhenEnded.IsCompleted, "it ends");

    /// <summary>Lets time pass until it has come about. A tenth of a second at once: nothing here is decided faster.</summary>
    private Task PassUntilAsync(Func<bool> condition, string what) => Eventually.TrueAsync(
        () =>
        {
            _time.Advance(TimeSpan.FromSeconds(0.1));
            return condition();
        },
        what);
}
