using Rivet.Live.Core.Stats;
using Xunit;

namespace Rivet.Live.Tests.Stats;

/// <summary>The last minutes of a broadcast, for plots.</summary>
public sealed class StatsHistoryTests
{
    private readonly StatsHistory _history = new();

    [Fact]
    public void History_HasAValueOfEachLineForEachSnapshot()
    {
        BroadcastStats demo = KnownStats.All.Broadcasts[0];
        Add(demo with { Renditions = [] });
        Add(demo);

        HistoryStats history = _history.Of("abc")!;

        Assert.Equal(2, history.Times.Count);
        Assert.Equal([null, 1_210_000.0], history.Lines["480p"].BitrateBps);
        Assert.Equal([null, 92.0], history.Lines["480p"].LatencyMilliseconds);
        Assert.Equal([1.0, 1.0], history.Lines["source"].BitrateBps);
        Assert.Equal([null, null], history.Lines["source"].LagSeconds);
    }

    [Fact]
    public void History_IsBoundedAndForgetsWhatIsGone()
    {
        for (int snapshot = 0; snapshot < 3 * StatsHistory.SnapshotsMax; snapshot++)
        {
            Add(KnownStats.All.Broadcasts[0]);
        }

        HistoryStats history = _history.Of("abc")!;
        Assert.Equal(StatsHistory.SnapshotsMax, history.Times.Count);
        Assert.All(history.Lines.Values, static line => Assert.Equal(StatsHistory.SnapshotsMax, line.CadenceMilliseconds.Count));
        _history.Add(KnownStats.All with { Broadcasts = [] });
        Assert.Null(_history.Of("abc"));
    }

    private void Add(BroadcastStats broadcast) => _history.Add(KnownStats.All with { Broadcasts = [broadcast] });
}
