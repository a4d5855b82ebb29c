using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Encoding;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Devices;

/// <summary>Who gets a lease, and when: first come, first served, across all broadcasts.</summary>
public sealed class DevicePoolTests : IAsyncLifetime
{
    private readonly SimulatedFaults _faults = new();
    private DevicePool _pool = null!;

    public Task InitializeAsync()
    {
        _pool = Pool(1);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _pool.DisposeAsync();

    [Fact]
    public void Claims_AreDecidedInTheOrderInWhichTheyCame()
    {
        EncoderLease lease = _pool.Claim(Need("a")).TryTake()!;
        LeaseClaim[] waiting = [_pool.Claim(Need("b")), _pool.Claim(Need("c")), _pool.Claim(Need("d"))];
        foreach (LeaseClaim next in waiting)
        {
            Assert.All(waiting.SkipWhile(claim => claim != next), static claim => Assert.False(claim.Decided.IsCompleted));
            Assert.True(lease.IsWanted);
            lease.Dispose();
            lease = next.TryTake()!;
            Assert.Equal(next.Need, lease.Need);
        }

        Assert.False(lease.IsWanted);
        lease.Dispose();
        Assert.Empty(Device(_pool).Leases);
    }

    [Fact]
    public async Task ClaimThatWaits_SaysForHowLong()
    {
        ManualTime time = new();
        DevicePlan plan = new() { Policy = new DevicePolicy(Index: null, TestDevices.Vendor), Simulated = [new SimulatedDevice(TestDevices.Vendor, 1, _faults)] };
        await using DevicePool pool = DevicePool.Open(plan, TestCodecs.Shared, presetToMeasure: null, time, NullLogger<DevicePool>.Instance);
        EncoderLease lease = pool.Claim(Need("a")).TryTake()!;
        using LeaseClaim second = pool.Claim(Need("b"));
        time.Advance(TimeSpan.FromSeconds(2));
        using LeaseClaim third = pool.Claim(Need("c"));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((3.0, 1.0), (second.Waited.TotalSeconds, third.Waited.TotalSeconds));
        Assert.Equal(3.0, Device(pool).Leases[0].Held.TotalSeconds);

        lease.Dispose();
        time.Advance(TimeSpan.FromSeconds(4));
        second.TryTake()!.Dispose();
        time.Advance(TimeSpan.FromSeconds(8));
        Assert.Equal((3.0, 5.0), (second.Waited.TotalSeconds, third.Waited.TotalSeconds));
    }

    [Fact]
    public void ClaimGivenUp_LeavesNoCountAndNoLeaseBehind()
    {
        EncoderLease lease = _pool.Claim(Need("a")).TryTake()!;
        LeaseClaim waiting = _pool.Claim(Need("b"));
        Assert.Equal(1, Device(_pool).Waiting);
        waiting.Dispose();
        waiting.Dispose();
        Assert.Equal(0, Device(_pool).Waiting);

        LeaseClaim granted = _pool.Claim(Need("c"));
        lease.Dispose();
        Assert.Equal("c", Assert.Single(Device(_pool).Leases).Rendition);
        granted.Dispose();
        Assert.Empty(Device(_pool).Leases);
        Assert.Null(granted.TryTake());
    }

    [Fact]
    public void TryClaim_NeverOvertakesWhoWaits()
    {
        EncoderLease lease = _pool.TryClaim(Need("a"))!;
        Assert.Null(_pool.TryClaim(Need("b")));
        Assert.False(lease.IsWanted);
        using LeaseClaim waiting = _pool.Claim(Need("c"));
        lease.Dispose();

        Assert.Null(_pool.TryClaim(Need("b")));
        Assert.Equal("c", Assert.Single(Device(_pool).Leases).Rendition);
    }

    [Fact]
    public async Task NeedThatDoesNotFit_KeepsSmallerOnesThatCameLaterAway()
    {
        DeviceCapacity capacity = new(processors: 1, guess: 1000 / 0.85, TimeProvider.System);
        EncoderDevice device = new(0, "cpu", new SoftwareBackend(TestCodecs.Shared), slots: null, capacity, EncoderDeadlines.Live, TimeSpan.FromSeconds(1));
        await using DevicePool pool = new(
            [device], DevicePolicy.All, TestDevices.CpuDecoders(), new DeviceProbe(TestCodecs.Shared).WhyNotAsync, TimeProvider.System, NullLogger<DevicePool>.Instance);
        EncoderLease first = pool.Claim(Need("a", 400)).TryTake()!;
        EncoderLease second = pool.Claim(Need("b", 400)).TryTake()!;
        using LeaseClaim large = pool.Claim(Need("large", 900));
        using LeaseClaim small = pool.Claim(Need("small", 100));
        Assert.False(small.Decided.IsCompleted);

        first.Dispose();
        Assert.False(small.Decided.IsCompleted);
        second.Dispose();
        Assert.True(large.Decided.IsCompleted);
        Assert.True(small.Decided.IsCompleted);
        using LeaseClaim more = pool.Claim(Need("more", 100));
        Assert.False(more.Decided.IsCompleted);
    }

    [Fact]
    public async Task WaiterForOneDevice_DoesNotKeepOthersFromAnother()
    {
        await using DevicePool pool = Pool(1, 1);
        EncoderDevice first;
        using (EncoderLease lease = pool.Claim(Need("a")).TryTake()!)
        {
            first = lease.Device;
            using LeaseClaim onlyThere = pool.Claim(Need("b") with { Retired = [OtherThan(pool, first)] });
            using LeaseClaim anywhere = pool.Claim(Need("c"));

            Assert.False(onlyThere.Decided.IsCompleted);
            Assert.True(anywhere.Decided.IsCompleted);
        }

        using EncoderLease avoiding = pool.Claim(Need("d") with { Avoided = first }).TryTake()!;
        Assert.NotEqual(first, avoiding.Device);
        using EncoderLease all = pool.Claim(Need("e") with { Avoided = first }).TryTake()!;
        Assert.Equal(first, all.Device);
    }

    [Fact]
    public async Task DeviceThatFailsAgainAndAgain_IsLeftAloneAndTriedAgain()
    {
        _faults.Lose();
        for (int strike = 0; strike < 3; strike++)
        {
            Assert.True(Device(_pool).IsHealthy);
            _pool.Claim(Need("a")).TryTake()!.Fail(EncoderFault.Failed);
        }

        using LeaseClaim hopeless = _pool.Claim(Need("a"));
        Assert.True(hopeless.IsHopeless);
        Assert.Null(hopeless.TryTake());
        using EncoderLease cpu = _pool.Claim(Need("a") with { MayFallBack = true }).TryTake()!;
        Assert.True(cpu.Device.IsSoftware);
        _faults.Restore();
        await Eventually.TrueAsync(() => Device(_pool).IsHealthy, "a probe found it working");
    }

    [Fact]
    public void SampleThatCameOut_MakesStrikesForgotten()
    {
        for (int strike = 0; strike < 10; strike++)
        {
            _pool.Claim(Need("a")).TryTake()!.Fail(EncoderFault.Failed);
            using EncoderLease lease = _pool.Claim(Need("a")).TryTake()!;
            lease.Worked(Synthetic.Settings(64, 64), busySeconds: 1);
        }

        Assert.True(Device(_pool).IsHealthy);
    }

    [Fact]
    public async Task EncoderThatHangs_IsNotWaitedForAndKeepsItsSlotUntilItIsClosed()
    {
        DevicePlan plan = new()
        {
            Policy = new DevicePolicy(Index: null, TestDevices.Vendor),
            Simulated = [new SimulatedDevice(TestDevices.Vendor, 2, _faults)],
            Deadlines = new EncoderDeadlines(TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(0.05)),
        };
        await using DevicePool pool = TestDevices.Open(plan);
        PayloadPool payloads = new();
        EncoderLease lease = pool.Claim(Need("a")).TryTake()!;
        IVideoEncoder encoder = lease.Open(Synthetic.Settings(64, 64), payloads, "test");
        _faults.Hang();
        using (Picture picture = IndexPattern.Draw(1, 64, 64))
        {
            Assert.Equal(EncoderFault.Hung, Assert.Throws<CodecException>(() => encoder.Send(picture, forceKeyframe: true)).Fault);
        }

        lease.Fail(EncoderFault.Hung);
        Assert.Equal((false, 1, 1), (Device(pool).IsHealthy, Device(pool).Leases.Count, _faults.Sessions));

        _faults.Restore();
        await Eventually.TrueAsync(() => Device(pool).Leases.Count == 0, "the device gave the encoder back");
        Assert.Equal((0, 0L), (_faults.Sessions, payloads.LentPayloads));
    }

    [Fact]
    public async Task ManyClaimsGivenUpAtRandom_LeaveThePoolAsItWas()
    {
        await using DevicePool pool = Pool(2, 1);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
        {
            Random random = new(thread);
            for (int round = 0; round < 200; round++)
            {
                using LeaseClaim claim = pool.Claim(Need($"{thread}"));
                if (random.Next(3) > 0)
                {
                    await claim.Decided;
                    using EncoderLease? lease = claim.TryTake();
                    Assert.NotNull(lease);
                    await Task.Yield();
                }
            }
        })));

        Assert.All(pool.Snapshot(), static device => Assert.Equal((0, 0), (device.Leases.Count, device.Waiting)));
    }

    [Fact]
    public async Task Device_IsLentOnlyForWhatItEncodes()
    {
        CodecAbilities some = CodecAbilities.Of((VideoCodec.H264, 8), (VideoCodec.Hevc, 8));
        await using DevicePool pool = TestDevices.Simulated([new SimulatedDevice(TestDevices.Vendor, 1, _faults) { Abilities = some }]);
        EncoderNeed hevc = Need("hevc") with { Codec = VideoCodec.Hevc };
        pool.TryClaim(hevc)!.Dispose();
        Assert.Null(pool.TryClaim(hevc with { BitDepth = 10 }));
        Assert.Null(pool.TryClaim(Need("av1") with { Codec = VideoCodec.Av1 }));

        // Nothing of the policy can, whatever comes: the rendition is told so at once, and may go to the CPU.
        using LeaseClaim hopeless = pool.Claim(hevc with { BitDepth = 10 });
        Assert.True(hopeless.IsHopeless);
        using EncoderLease fallback = pool.TryClaim(hevc with { BitDepth = 10, MayFallBack = true })!;
        Assert.True(fallback.Device.IsSoftware);
    }

    [Fact]
    public async Task DeviceThatOnlyDecodes_IsListedAndNeverLent()
    {
        SimulatedDevice decoder = new(TestDevices.Vendor, 4, new SimulatedFaults()) { Abilities = CodecAbilities.None("no encoders on this chip") };
        await using DevicePool pool = TestDevices.Simulated([decoder, new SimulatedDevice(TestDevices.Vendor, 1, _faults)]);
        using EncoderLease lease = pool.TryClaim(Need("a"))!;
        Assert.Equal("simulated2", lease.Device.Id);
        Assert.Null(pool.TryClaim(Need("b")));
        Assert.Equal(["cpu", "simulated1", "simulated2"], pool.Snapshot().Select(static device => device.Device));
    }

    [Fact]
    public async Task Devices_OfUnknownBounds_ShareTheWork()
    {
        await using DevicePool pool = TestDevices.Simulated(
            [new SimulatedDevice(TestDevices.Vendor, Slots: null, _faults), new SimulatedDevice(TestDevices.Vendor, Slots: null, new SimulatedFaults())]);
        using EncoderLease first = pool.TryClaim(Need("a"))!;
        using EncoderLease second = pool.TryClaim(Need("b"))!;
        Assert.NotEqual(first.Device, second.Device);
    }

    private static EncoderNeed Need(string rendition, double pixelsPerSecond = 100) => new(BroadcastId.Parse("live/demo"), rendition, VideoCodec.H264, 8, pixelsPerSecond);

    private static DeviceSnapshot Device(DevicePool pool) => pool.Snapshot()[1];

    private static EncoderDevice OtherThan(DevicePool pool, EncoderDevice device)
    {
        using EncoderLease lease = pool.Claim(Need("x") with { Avoided = device }).TryTake()!;
        return lease.Device;
    }

    private DevicePool Pool(params int[] slots) =>
        TestDevices.Simulated(slots.Select((count, index) => new SimulatedDevice(TestDevices.Vendor, count, index == 0 ? _faults : new SimulatedFaults())));
}
