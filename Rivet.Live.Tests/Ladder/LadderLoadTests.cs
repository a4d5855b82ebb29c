using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Ladder;

/// <summary>What gives way when the devices do not keep real time, and when it comes back.</summary>
public sealed class LadderLoadTests : IAsyncLifetime
{
    private static readonly BroadcastId Demo = BroadcastId.Parse("live/demo");
    private static readonly BroadcastId Other = BroadcastId.Parse("live/other");
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(21);

    private readonly ManualTime _time = new();
    private DevicePool _devices = null!;

    public Task InitializeAsync()
    {
        _devices = TestDevices.Simulated([TestDevices.Device(slots: 2, out _)]);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _devices.DisposeAsync();

    [Fact]
    public void MediaLeftOutAgainSoon_ShedsTheMostExpensiveRenditionOfAll()
    {
        LadderLoad load = Load(LadderOverload.Shed);
        RenditionLoad[] all = [Join(load, Demo, "720p", 300), Join(load, Demo, "240p", 20), Join(load, Other, "480p", 100), Join(load, Other, "360p", 50)];
        load.LeaveOut(all[1]);
        _time.Advance(TimeSpan.FromSeconds(1));
        load.LeaveOut(all[2]);
        Assert.Equal([], Shed(all));

        _time.Advance(Soon);
        load.LeaveOut(all[1]);
        Assert.Equal(["720p"], Shed(all));

        // What was left of the same hiccup.
        load.LeaveOut(all[2]);
        Assert.Equal(["720p"], Shed(all));

        // 240p is all that live/demo has, and 360p all that live/other has after that.
        _time.Advance(Soon);
        load.LeaveOut(all[2]);
        Assert.Equal(["720p", "480p"], Shed(all));
        _time.Advance(Soon);
        load.LeaveOut(all[3]);
        Assert.Equal(["720p", "480p"], Shed(all));
    }

    [Fact]
    public void MediaLeftOutOnce_ShedsNothing()
    {
        LadderLoad load = Load(LadderOverload.Shed);
        RenditionLoad[] all = [Join(load, Demo, "720p", 300), Join(load, Demo, "240p", 20)];
        for (int minute = 0; minute < 10; minute++)
        {
            load.LeaveOut(all[0]);
            _time.Advance(TimeSpan.FromSeconds(90));
        }

        Assert.Equal([], Shed(all));
    }

    [Fact]
    public void ShedRendition_ComesBackWhenNobodyWasBehindForAWhile_AndLaterWhereThatWasTooEarly()
    {
        LadderLoad load = Load(LadderOverload.Shed);
        RenditionLoad[] all = [Join(load, Demo, "720p", 300), Join(load, Demo, "480p", 100), Join(load, Demo, "240p", 20)];
        Overload(load, all[2], times: 2);
        Assert.Equal(["720p", "480p"], Shed(all));
        _time.Advance(Patience);
        load.StartChunk(all[2], behindSeconds: 3);
        _time.Advance(TimeSpan.FromSeconds(5));
        load.StartChunk(all[2], behindSeconds: 0.1);
        Assert.Equal(["720p", "480p"], Shed(all));

        // The cheapest first, and one after the other.
        _time.Advance(Patience);
        load.StartChunk(all[2], behindSeconds: 0.1);
        load.StartChunk(all[2], behindSeconds: 0.1);
        Assert.Equal(["720p"], Shed(all));
        _time.Advance(Patience);
        load.StartChunk(all[2], behindSeconds: 0.1);
        Assert.Equal([], Shed(all));

        load.LeaveOut(all[2]);
        Assert.Equal(["720p"], Shed(all));
        _time.Advance(Patience);
        load.StartChunk(all[2], behindSeconds: 0.1);
        Assert.Equal(["720p"], Shed(all));
        _time.Advance(Patience);
        load.StartChunk(all[2], behindSeconds: 0.1);
        Assert.Equal([], Shed(all));
    }

    [Fact]
    public void RenditionThatLeft_IsNotLookedAtAnyMore()
    {
        LadderLoad load = Load(LadderOverload.Shed);
        RenditionLoad[] all = [Join(load, Demo, "720p", 300), Join(load, Demo, "240p", 20)];
        load.Leave(all[1]);

        Overload(load, all[0], times: 3);

        Assert.Equal([], Shed(all));
    }

    [Fact]
    public void NewBroadcast_WhereRefusingIsWanted_IsAdmittedWhileItsLadderFits()
    {
        LadderLoad load = Load(LadderOverload.Refuse);
        Rendition[] two = [new("480p", 480, 1_200_000), new("240p", 240, 400_000)];
        Assert.True(load.Admits(Demo, [.. two, .. two]));
        RenditionLoad running = Join(load, Demo, "480p", 100);
        Assert.True(load.Admits(Other, two));
        Assert.All(_devices.Snapshot(), static device => Assert.Empty(device.Leases));

        using (EncoderLease lease = _devices.Claim(new EncoderNeed(Demo, "480p", VideoCodec.H264, 8, 100)).TryTake()!)
        {
            Assert.False(load.Admits(Other, two));
            Assert.True(load.Admits(Other, two[..1]));
        }

        load.LeaveOut(running);
        Assert.False(load.Admits(Other, two));
        Assert.Equal([], Shed([running]));
        _time.Advance(TimeSpan.FromSeconds(81));
        Assert.True(load.Admits(Other, two));
    }

    [Fact]
    public void NewBroadcast_WhereSheddingIsWanted_IsAlwaysAdmitted()
    {
        LadderLoad load = Load(LadderOverload.Shed);
        RenditionLoad running = Join(load, Demo, "480p", 100);
        load.LeaveOut(running);

        Assert.True(load.Admits(Other, [.. Enumerable.Repeat(new Rendition("480p", 480, 1_200_000), 10)]));
    }

    private LadderLoad Load(LadderOverload overload) => new(overload, _devices, _time, NullLogger<LadderLoad>.Instance);

    private static RenditionLoad Join(LadderLoad load, BroadcastId broadcast, string rendition, double cost)
    {
        RenditionLoad joined = load.Join(broadcast, rendition);
        load.Cost(joined, cost);
        return joined;
    }

    private void Overload(LadderLoad load, RenditionLoad late, int times)
    {
        load.LeaveOut(late);
        for (int time = 0; time < times; time++)
        {
            _time.Advance(Soon);
            load.LeaveOut(late);
        }
    }

    private static IEnumerable<string> Shed(RenditionLoad[] all) => all.Where(static one => one.IsShed).Select(static one => one.Rendition);
}
