using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Ladder;

/// <summary>More renditions than slots, and devices that come and go.</summary>
public sealed class SharedDevicesTests(ITestOutputHelper output)
{
    private const int Gop = 30;
    private const int Pictures = 5 * Gop;

    private static readonly Rendition[] Four =
        [new("96", 96, 200_000), new("80", 80, 200_000), new("72", 72, 200_000), new("64", 64, 200_000)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task FourRenditionsOfThreeBroadcasts_OnFewSlots_AllAdvanceTogetherAndLoseNothing(int slots)
    {
        SimulatedDevice device = TestDevices.Device(slots, out SimulatedFaults faults);

        // A chunk takes the device long, beside what a thread may have to wait for a processor: it is the device's turns that are measured.
        faults.Slow(12);
        await using DevicePool devices = TestDevices.Simulated([device]);
        NumberedSource numbers = NumberedSource.Encode(Pictures, Gop);
        LadderSource[] broadcasts = [.. Enumerable.Range(0, 3).Select(index => new LadderSource(Four, devices: devices, name: $"live/{index}"))];
        Drain[] drains = [.. broadcasts.SelectMany(broadcast => Four.Select(rendition => (broadcast, rendition))).Select(one =>
        {
            _ = one.broadcast.Video;
            return one.broadcast.DrainOf(one.rendition.Name);
        })];
        long began = TimeProvider.System.GetTimestamp();
        foreach (LadderSource broadcast in broadcasts)
        {
            numbers.Publish(broadcast, ..);
        }

        Task ending = Task.WhenAll(broadcasts.Select(static broadcast => broadcast.EndAsync()));
        List<long> spreads = [];
        while (!ending.IsCompleted)
        {
            // Read one after the other: none can seem further behind than it is.
            long[] begun = [.. drains.Select(static drain => drain.Progress.ChunksEncoded)];
            Assert.InRange(faults.Sessions, 0, slots);
            spreads.Add(begun.Max() - begun.Min());
            await Task.WhenAny(ending, Task.Delay(5));
        }

        await ending;
        double seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        foreach (LadderSource broadcast in broadcasts)
        {
            foreach (Rendition rendition in Four)
            {
                Assert.Equal(Enumerable.Range(0, Pictures).Select(static number => (long)number), broadcast.RecordOf(rendition.Name).Times);
            }

            Assert.Equal(Enumerable.Range(0, Pictures), broadcast.RecordOf("64").Decode().Select(static picture => picture.Number));
            Assert.Equal(0, broadcast.Pool.LentPayloads);
            await broadcast.DisposeAsync();
        }

        // A turn begins when everybody who waited for it has had theirs, but a thread may take its time to begin what it was given.
        double waited = drains.Sum(static drain => drain.Progress.LeaseWaitSeconds);
        output.WriteLine($"{slots} slots: at most {spreads.Max()} chunks apart, waited {waited:0.00} s in all, in {seconds:0.00} s.");

        // Whoever does not encode waits; towards the end some are done.
        Assert.InRange(waited, slots == 1 ? seconds : 0, drains.Length * seconds);
        Assert.InRange(spreads.Order().ElementAt(spreads.Count * 9 / 10), 0, slots <= 2 ? 2 : 8);

        // A lease is back when its encoder is really closed, and nobody waits for that.
        await Eventually.TrueAsync(() => devices.Snapshot().All(static one => (one.Leases.Count, one.Waiting) == (0, 0)), "every lease is given back");
    }

    [Fact]
    public async Task Ladder_OnOneSlot_BeginsWithItsSmallestRendition()
    {
        SimulatedDevice device = TestDevices.Device(slots: 1, out SimulatedFaults faults);
        await using DevicePool devices = TestDevices.Simulated([device]);
        await using LadderSource source = new(Four, devices: devices);
        NumberedSource numbers = NumberedSource.Encode(60, Gop);
        faults.Hang();
        numbers.Publish(source, ..);
        await Eventually.TrueAsync(() => devices.Snapshot()[1] is { Leases.Count: 1, Waiting: 3 }, "all have asked");

        Assert.Equal("64", devices.Snapshot()[1].Leases[0].Rendition);

        faults.Restore();
        await source.EndAsync();
        Assert.All(Four, rendition => Assert.Equal(60, source.RecordOf(rendition.Name).Samples.Count));
    }

    /// <summary>RIVET_FAULT_SECONDS makes it longer, RIVET_FAULT_SEED repeats one run's faults.</summary>
    [Fact]
    public async Task Devices_KilledHungFilledAndRestoredAtRandom_EveryPictureComesOnceOrIsCounted()
    {
        int seconds = Read("RIVET_FAULT_SECONDS", 8);
        int seed = Read("RIVET_FAULT_SEED", Random.Shared.Next());
        output.WriteLine($"RIVET_FAULT_SEED={seed}, {seconds} s");
        Random random = new(seed);
        SimulatedFaults[] faults = [new(), new(), new()];
        await using DevicePool devices = TestDevices.Simulated(
            faults.Select((fault, index) => new SimulatedDevice(TestDevices.Vendor, 1 + index, fault)), decodeDevice: 2);
        LadderLoad loads = new(LadderOverload.Shed, devices, TimeProvider.System, NullLogger<LadderLoad>.Instance);
        await using LadderSource source = new(Four, FeedLimits.Live, devices, loads: loads);
        NumberedSource numbers = NumberedSource.Encode(seconds * NumberedSource.Rate, Gop);
        Task publishing = numbers.PublishInRealTimeAsync(source);
        while (!publishing.IsCompleted)
        {
            await Task.WhenAny(publishing, Task.Delay(random.Next(100, 500)));
            SimulatedFaults one = faults[random.Next(faults.Length)];
            Action[] actions =
            [
                one.Lose, one.Hang, () => one.Fill(random.Next(3)), () => one.FailOpen(random.Next(1, 4)), () => one.FailPicture(random.Next(1, 40)),
                () => one.Slow(random.Next(1, 4)), () => one.Busy(true), () => one.FailSample(random.Next(1, 40)), () => Calm(one), () => Calm(one), () => Array.ForEach(faults, Calm),
            ];
            actions[random.Next(actions.Length)]();
        }

        await publishing;
        Array.ForEach(faults, Calm);
        await source.EndAsync();

        foreach (Rendition rendition in Four)
        {
            RenditionRecord record = source.RecordOf(rendition.Name);
            RenditionProgress progress = source.DrainOf(rendition.Name).Progress;
            long[] times = [.. record.Times];
            long[] lost = [.. Enumerable.Range(0, numbers.Samples.Count).Select(static number => (long)number).Except(times)];
            output.WriteLine($"{rendition.Name}: {progress.ChunksRequeued} requeued, {progress.Failovers} failovers, {progress.ChunksHelped} of {progress.ChunksEncoded} helped, {lost.Length} in gaps, waited {progress.LeaseWaitSeconds:0.0} s");
            Assert.Equal(times.Order().Distinct(), times);
            Assert.Equal(progress.FramesDropped, lost.Length);
            Assert.All(lost, time => Assert.Contains(record.Absences, absence => absence.Start <= At(time) && At(time) < absence.End));
            Assert.Equal(times.Select(static time => (time, (int)time)), record.Decode());
            Assert.Equal(0, source.DrainOf(rendition.Name).Panics);
        }

        await Eventually.TrueAsync(() => Array.TrueForAll(faults, static fault => fault.Sessions == 0), "what hung is closed");
        Assert.Equal(0, source.Pool.LentPayloads);
    }

    private static MediaTime At(long time) => new(time, NumberedSource.Rate);

    private static void Calm(SimulatedFaults faults)
    {
        faults.Restore();
        faults.Fill(null);
        faults.Slow(null);
        faults.Busy(false);
    }

    private static int Read(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
