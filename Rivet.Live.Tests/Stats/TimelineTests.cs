using Rivet.Live.Core.Stats;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Stats;

/// <summary>What happened between two snapshots, read out of them.</summary>
public sealed class TimelineTests
{
    private readonly ManualTime _time = new();
    private readonly Timeline _timeline;

    public TimelineTests() => _timeline = new Timeline(_time);

    private static BroadcastStats Demo => KnownStats.All.Broadcasts[0] with { Timeline = [] };

    private static RenditionStats Rendition => Demo.Renditions[0];

    private static SourceStats Source => Demo.Source[0];

    [Fact]
    public void Snapshots_WithoutAChange_TellNothing()
    {
        Note(KnownStats.All, KnownStats.All);

        Assert.Empty(_timeline.OfServer());
        Assert.Empty(_timeline.Of("abc"));
    }

    [Fact]
    public void Broadcast_ThatIsNew_BeganAndIsLive()
    {
        Note(KnownStats.All with { Broadcasts = [] }, KnownStats.All);

        Assert.Equal(["began", "live", "gap", "rendition-running"], _timeline.Of("abc").Select(static happened => happened.Kind));
        Assert.Contains("127.0.0.1 (fmp4-put)", _timeline.Of("abc")[0].Text, StringComparison.Ordinal);
        Assert.Equal(("broadcast-began", "live/demo"), _timeline.OfServer().Select(static happened => (happened.Kind, happened.Broadcast!)).Single());
    }

    [Fact]
    public void Rendition_ThatMovedToAnotherDevice_SaysFromWhereAndWhereTo()
    {
        Note(Of(Rendition), Of(Rendition with { Device = "nvidia0", Failovers = 1, EncoderRestarts = 1 }));

        TimelineEvent happened = Assert.Single(_timeline.Of("abc"));
        Assert.Equal(("failover", "warning", "480p", "nvidia0"), (happened.Kind, happened.Severity, happened.Rendition, happened.Device));
        Assert.Equal("480p: moved from cpu, which failed, to nvidia0.", happened.Text);
    }

    [Fact]
    public void Rendition_ThatHadTrouble_SaysEachKindOnce()
    {
        Note(Of(Rendition), Of(Rendition with { Panics = 2, EncoderRestarts = 1, FragmentsSkipped = 3, GapSeconds = 1.5, State = "failed" }));

        Assert.Equal(
            [
                "480p: given up, no device encodes it.",
                "480p: its encoder failed; the chunk is encoded again on cpu.",
                "480p: 2 exceptions caught; the log has them.",
                "480p: too slow, 3 fragments left out.",
                "480p: 1.5 s told to players as a gap.",
            ],
            _timeline.Of("abc").Select(static happened => happened.Text));
    }

    [Theory]
    [InlineData(false, "shed", "warning", "480p: shed, the devices do not keep real time.")]
    [InlineData(true, "dropped", "info", "480p: taken out by an operator.")]
    public void Rendition_ThatIsOutForAWhile_SaysOnceWhoseWishThatIs(bool dropped, string kind, string severity, string text)
    {
        LiveStats first = Of(Rendition with { State = "degraded", Shed = true, Dropped = dropped, GapSeconds = 1 });
        LiveStats then = Of(Rendition with { State = "degraded", Shed = true, Dropped = dropped, GapSeconds = 20 });

        Note(Of(Rendition), first);
        Note(first, then);
        Assert.Equal((kind, severity, text), _timeline.Of("abc").Select(static happened => (happened.Kind, happened.Severity, happened.Text)).Single());
        Note(then, Of(Rendition with { GapSeconds = 20 }));
        Assert.Equal([kind, "rendition-running", "unshed"], _timeline.Of("abc").Select(static happened => happened.Kind));
    }

    [Fact]
    public void Publisher_ThatBreaksAndComesBack_IsTold()
    {
        LiveStats interrupted = Of(Demo with { State = "interrupted", Publisher = null });
        LiveStats back = Of(Demo with { Publisher = new PublisherStats("203.0.113.7", "fmp4-post"), Source = [Source with { Width = 640, Height = 360, GapSeconds = 2.5 }] });

        Note(KnownStats.All, interrupted);
        Note(interrupted, back);
        Note(back, Of(Demo with { State = "ended", Publisher = null }));

        Assert.Equal(["interrupted", "resumed", "source-changed", "gap", "ended"], _timeline.Of("abc").Select(static happened => happened.Kind).Distinct());
        Assert.Contains("640x360", _timeline.Of("abc").First(static happened => happened.Kind == "source-changed").Text, StringComparison.Ordinal);
        Assert.Equal("broadcast-ended", Assert.Single(_timeline.OfServer()).Kind);
    }

    [Fact]
    public void Device_ThatFailsAndComesBack_IsTold()
    {
        LiveStats failed = KnownStats.All with { Devices = [KnownStats.All.Devices[0] with { Healthy = false }] };

        Note(KnownStats.All, failed);
        Note(failed, KnownStats.All);

        Assert.Equal([("device-failed", "error"), ("device-back", "info")], _timeline.OfServer().Select(static happened => (happened.Kind, happened.Severity)));
    }

    [Fact]
    public void Event_RepeatedWithinSeconds_IsOneWithACount()
    {
        for (int time = 0; time < 5; time++)
        {
            _timeline.AddOf("abc", "failover", "warning", $"480p: moved {time}.", "480p");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _time.Advance(TimeSpan.FromMinutes(1));
        _timeline.AddOf("abc", "failover", "warning", "480p: moved 5.", "480p");

        Assert.Equal([("480p: moved 4.", 5), ("480p: moved 5.", 1)], _timeline.Of("abc").Select(static happened => (happened.Text, happened.Count)));
    }

    [Fact]
    public void Timeline_HoldsTheNewest_AndLetsGoOfOldSessions()
    {
        for (int number = 0; number < 3 * Timeline.EventsMax; number++)
        {
            _timeline.AddOf("abc", "gap", "warning", $"gap {number}");
            _time.Advance(TimeSpan.FromSeconds(20));
        }

        Assert.Equal(Timeline.EventsMax, _timeline.Of("abc").Count);
        Assert.Equal($"gap {(3 * Timeline.EventsMax) - 1}", _timeline.Of("abc")[^1].Text);
        _timeline.KeepOnly(["other"]);
        Assert.Empty(_timeline.Of("abc"));
    }

    private static LiveStats Of(BroadcastStats broadcast) => KnownStats.All with { Broadcasts = [broadcast] };

    private static LiveStats Of(RenditionStats rendition) => Of(Demo with { Renditions = [rendition] });

    private void Note(LiveStats before, LiveStats now) => TimelineWriter.Note(before, now, _timeline);
}
