using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Ladder;

/// <summary>Devices that do not keep real time: what is lost is lost in whole chunks, counted, and told.</summary>
public sealed class OverloadTests(ITestOutputHelper output)
{
    private const int Gop = 15;

    private static readonly Rendition Small = new("small", 64, 100_000);
    private static readonly Rendition Large = new("large", 96, 200_000);

    [Fact]
    public async Task RenditionThatFallsFurtherAndFurtherBehind_LeavesOutWholeChunks()
    {
        SimulatedDevice device = TestDevices.Device(slots: 1, out SimulatedFaults faults);
        await using DevicePool devices = TestDevices.Simulated([device]);
        await using LadderSource source = new([Small], FeedLimits.Live with { BehindMax = TimeSpan.FromSeconds(1.5) }, devices);
        NumberedSource numbers = NumberedSource.Encode(8 * NumberedSource.Rate, Gop);
        faults.Slow(0.4);
        await numbers.PublishInRealTimeAsync(source);
        faults.Slow(null);
        await source.EndAsync();

        int[] lost = AssertLostIsCountedAndTold(source, "small", numbers.Samples.Count);
        output.WriteLine($"{lost.Length} of {numbers.Samples.Count} pictures left out");
        Assert.NotEmpty(lost);
        Assert.All(lost.GroupBy(static number => number / Gop), static chunk => Assert.Equal(Gop, chunk.Count()));
    }

    [Fact]
    public async Task ShedRendition_IsToldAsAbsentUntilItComesBackAtAKeyframe_AndTheOtherLosesNothing()
    {
        ManualTime time = new();
        await using DevicePool devices = TestDevices.Simulated([TestDevices.Device(slots: 2, out SimulatedFaults faults)]);
        LadderLoad loads = new(LadderOverload.Shed, devices, time, NullLogger<LadderLoad>.Instance);
        RenditionLoad late = loads.Join(BroadcastId.Parse("live/late"), "late");
        await using LadderSource source = new([Large, Small], devices: devices, loads: loads);
        NumberedSource numbers = NumberedSource.Encode(240, Gop);
        numbers.Publish(source, ..50);
        await Eventually.TrueAsync(() => Array.TrueForAll((string[])["large", "small"], name => source.DrainOf(name).Progress.FramesEncoded == 50), "both are encoded");

        loads.LeaveOut(late);
        time.Advance(TimeSpan.FromSeconds(20));
        loads.LeaveOut(late);
        numbers.Publish(source, 50..130);
        RenditionProgress large = source.DrainOf("large").Progress;
        await Eventually.TrueAsync(() => large.IsShed && large.FramesDropped == 70 && source.DrainOf("small").Progress.FramesEncoded == 130, "it is shed");
        Assert.Equal((RenditionState.Degraded, 1), (large.State, devices.Snapshot()[1].Leases.Count));

        time.Advance(TimeSpan.FromSeconds(21));
        numbers.Publish(source, 130..150);
        await Eventually.TrueAsync(() => source.DrainOf("small").Progress.FramesEncoded == 150, "a chunk has started in time");
        numbers.Publish(source, 150..);
        await source.EndAsync();

        Assert.Equal(Enumerable.Range(0, 240).Select(static number => (long)number), source.RecordOf("small").Times);
        int[] lost = AssertLostIsCountedAndTold(source, "large", 240);
        output.WriteLine($"without {lost[0]} to {lost[^1]}");
        Assert.False(large.IsShed);
        Assert.Equal(60, lost[0]);
        Assert.Equal(Enumerable.Range(60, lost.Length), lost);
        Assert.InRange(lost.Length, 75, 165);
        Assert.Equal(0, lost.Length % Gop);
        Assert.Equal((0, 0L), (faults.Sessions, source.Pool.LentPayloads));
    }

    [Fact]
    public async Task RenditionShedBeforeItBegan_BeginsWhenThereIsRoom()
    {
        ManualTime time = new();
        await using DevicePool devices = TestDevices.Simulated([TestDevices.Device(slots: 1, out SimulatedFaults faults)]);
        LadderLoad loads = new(LadderOverload.Shed, devices, time, NullLogger<LadderLoad>.Instance);
        RenditionLoad late = loads.Join(BroadcastId.Parse("live/late"), "late");
        await using LadderSource source = new([Large, Small], devices: devices, loads: loads);
        NumberedSource numbers = NumberedSource.Encode(240, Gop);
        faults.Hang();
        numbers.Publish(source, ..10);
        await Eventually.TrueAsync(() => devices.Snapshot()[1] is { Leases.Count: 1, Waiting: 1 }, "the large one waits");
        int next = 10;
        RenditionProgress large = source.DrainOf("large").Progress;
        RenditionProgress small = source.DrainOf("small").Progress;
        while (!large.IsShed)
        {
            time.Advance(TimeSpan.FromSeconds(20));
            loads.LeaveOut(late);
            Assert.True(next < 100, "it was never shed");
            numbers.Publish(source, next..++next);
            await Task.Delay(20);
        }

        Assert.Equal(0, devices.Snapshot()[1].Waiting);
        faults.Restore();
        await Eventually.TrueAsync(() => small.FramesEncoded == next, "the small one is encoded");
        time.Advance(TimeSpan.FromSeconds(21));
        numbers.Publish(source, next..(next + 20));
        await Eventually.TrueAsync(() => small.FramesEncoded == next + 20, "a chunk has started in time");
        numbers.Publish(source, (next + 20)..);
        await source.EndAsync();

        Assert.Equal(Enumerable.Range(0, 240).Select(static number => (long)number), source.RecordOf("small").Times);
        long[] times = [.. source.RecordOf("large").Times];
        Assert.Equal(Enumerable.Range(240 - times.Length, times.Length).Select(static number => (long)number), times);
        Assert.Equal((0L, 240L - times.Length), (times[0] % Gop, large.FramesDropped));
    }

    private static int[] AssertLostIsCountedAndTold(LadderSource source, string rendition, int pictures)
    {
        RenditionRecord record = source.RecordOf(rendition);
        long[] times = [.. record.Times];
        int[] lost = [.. Enumerable.Range(0, pictures).Except(times.Select(static time => (int)time))];
        Assert.Equal(times.Order().Distinct(), times);
        Assert.Equal(lost.Length, source.DrainOf(rendition).Progress.FramesDropped);
        Assert.All(lost, number => Assert.Contains(record.Absences, absence => absence.Start <= At(number) && At(number) < absence.End));
        Assert.Equal(times.Select(static time => (time, (int)time)), record.Decode());
        return lost;
    }

    private static MediaTime At(int number) => new(number, NumberedSource.Rate);
}
