using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Isolation;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Tests.Ladder;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Isolation;

/// <summary>A ladder in a real child process: what it encodes is what it encodes here, and whatever becomes of the child, no picture is lost.</summary>
public sealed class IsolatedLadderTests(Children children) : IClassFixture<Children>
{
    private const int Pictures = 180;
    private const int Gop = 60;

    private static readonly Rendition Small = new("small", 64, 100_000);
    private static readonly Rendition Large = new("large", 96, 200_000);
    private static readonly Rendition Above = new("above", 720, 1_000_000);

    [Fact]
    public async Task Ladder_InAChild_EncodesWhatItEncodesHere()
    {
        NumberedSource numbers = NumberedSource.Encode(Pictures, Gop);
        await using LadderSource here = new([Large, Small, Above]);
        numbers.Publish(here, ..);
        await Eventually.TrueAsync(() => !here.Thumbnails.IsEmpty, "a thumbnail is made");
        await here.EndAsync();
        await using LadderSource there = children.Source(out _, [Large, Small, Above]);
        numbers.Publish(there, ..);
        await Eventually.TrueAsync(() => !there.Thumbnails.IsEmpty, "the child has made a thumbnail");
        await there.EndAsync();

        foreach (string rendition in (string[])["large", "small"])
        {
            Assert.Equal(BytesOf(here, rendition), BytesOf(there, rendition));
            Drain drain = there.DrainOf(rendition);
            Assert.Equal(Counters(here.DrainOf(rendition)), Counters(drain));
            Assert.Equal(("libx264", "cpu", RenditionState.Stopped), (drain.Progress.Encoder, drain.Progress.Device, drain.Progress.State));
            Assert.Equal(Pictures, drain.Progress.EncodeMilliseconds.Read() is null ? 0 : drain.Progress.FramesEncoded);
        }

        Assert.Contains(here.Thumbnails, one => there.Thumbnails.Any(other => other.AsSpan().SequenceEqual(one)));
        await AssertNothingLeftAsync(there);
    }

    [Theory]
    [InlineData("SEGV")]
    [InlineData("KILL")]
    [InlineData("STOP")]
    public async Task ChildThatIsLost_NextOneGoesOnWithTheFirstPictureNotPublished(string signal)
    {
        NumberedSource numbers = NumberedSource.Encode(Pictures, Gop);
        await using LadderSource source = children.Source(out Func<IsolationReport> report, [Large, Small]);
        numbers.Publish(source, ..80);
        await Eventually.TrueAsync(() => source.DrainOf("small").Progress.FramesEncoded > 70, "the first chunk is encoded");
        int first = report().ProcessId!.Value;
        await Children.SignalAsync(first, signal);
        await Eventually.TrueAsync(() => report() is { Restarts: 1, ProcessId: { } next } && next != first, "another child takes over");
        numbers.Publish(source, 80..);
        await source.EndAsync();

        AssertWhole(source, "large");
        AssertWhole(source, "small");
        RenditionProgress progress = source.DrainOf("small").Progress;
        Assert.Equal((1L, 1L, 0L, 0L), (progress.ChunksRequeued, progress.EncoderRestarts, progress.FramesDropped, source.DrainOf("small").Panics));
        Assert.All(source.DiscontinuitiesOf("small"), Assert.False);
        Assert.False(Children.IsAlive(first));
        await AssertNothingLeftAsync(source);
    }

    [Fact]
    public async Task ChildThatTakesTooMuchMemory_IsReplaced()
    {
        NumberedSource numbers = NumberedSource.Encode(Pictures, Gop);
        using LogLines log = new();
        await using LadderSource source = children.Source(out Func<IsolationReport> report, [Small], plan: Children.Plan with { BytesMax = 1 << 20 }, log: log);
        numbers.Publish(source, ..80);
        await Eventually.TrueAsync(() => report().Restarts > 0, "the child is replaced");
        numbers.Publish(source, 80..);
        await source.EndAsync();

        // How much is encoded is a matter of chance: each child takes too much, and on a busy machine before its first sample.
        Assert.Matches(@"Child \d+ is gone: it takes \d+ MiB of memory, and 1 are allowed\.", log.Text);
        await AssertNothingLeftAsync(source);
    }

    [Fact]
    public async Task CallThatDoesNotComeBack_CostsItsChildAndNoPicture()
    {
        NumberedSource numbers = NumberedSource.Encode(Pictures, Gop);
        TimeSpan forever = TimeSpan.FromMinutes(10);
        DevicePlan devicePlan = new()
        {
            Policy = new DevicePolicy(Index: null, TestDevices.Vendor),
            BoundsWork = false,
            Deadlines = new EncoderDeadlines(forever, forever),
            DecodeDevice = 1,
            DecodersMax = 1,
            Simulated = [TestDevices.Device(slots: 1, out SimulatedFaults faults)],
        };
        await using DevicePool devices = TestDevices.Open(devicePlan);
        using LogLines log = new();
        faults.Slow(1e-6);
        await using LadderSource source = children.Source(
            out Func<IsolationReport> report, [Small], devices, devicePlan, Children.Plan with { CallMax = TimeSpan.FromSeconds(3) }, log: log);
        numbers.Publish(source, ..80);
        await Eventually.TrueAsync(() => devices.Snapshot()[1] is { Leases.Count: 1, Decoding: 1 }, "a child encodes, and knows how slow the device is");
        faults.Slow(null);
        await Eventually.TrueAsync(() => report().Restarts == 1, "the child is replaced");
        numbers.Publish(source, 80..);
        await source.EndAsync();

        AssertWhole(source, "small");
        Assert.Matches(@"Child \d+ is gone: small is in a call for more than 3 s: a codec hangs\.", log.Text);
        await AssertNothingLeftAsync(source);
    }

    [Fact]
    public async Task ChildrenThatKeepDying_AreNotGivenTheSameChunkAgain()
    {
        using TemporaryFolder folder = new();
        string flag = folder.PathOf("healthy");
        NumberedSource numbers = NumberedSource.Encode(Pictures, Gop);
        IsolationPlan plan = new("/bin/sh", ["-c", $"[ -e {flag} ] && exec dotnet {Repository.ServerAssembly} \"$1\"; exit 3", "sh"], BytesMax: 4L << 30);
        await using LadderSource source = children.Source(out Func<IsolationReport> report, [Small], plan: plan);
        numbers.Publish(source, ..80);
        await Eventually.TrueAsync(() => report().Restarts == 3, "three children die, and the next keyframe is awaited");
        await File.WriteAllTextAsync(flag, "");
        numbers.Publish(source, 80..);
        await source.EndAsync();

        Assert.Equal(Enumerable.Range(120, 60).Select(static number => ((long)number, number)), source.RecordOf("small").Decode());
        await AssertNothingLeftAsync(source);
    }

    [Theory]
    [InlineData(EncoderFallback.Software, false)]
    [InlineData(EncoderFallback.Fail, true)]
    internal async Task ChildrenThatNeverStart_RenditionIsGivenUpAndTheSourceGoesOn(EncoderFallback fallback, bool ends)
    {
        NumberedSource numbers = NumberedSource.Encode(6 * 30, gop: 30);
        await using LadderSource source = children.Source(
            out Func<IsolationReport> report, [Small], plan: new IsolationPlan("/bin/false", [], BytesMax: 1), fallback: fallback);
        numbers.Publish(source, ..30);
        for (int chunk = 1; chunk < 6; chunk++)
        {
            await Eventually.TrueAsync(() => report().Restarts >= Math.Min(5, chunk + 1), "children die");
            numbers.Publish(source, (chunk * 30)..((chunk + 1) * 30));
        }

        await Eventually.TrueAsync(() => source.DrainOf("small").Progress.State == RenditionState.Failed, "the rendition is given up");
        await source.EndAsync();

        Assert.Equal(ends, !source.Ended.IsEmpty);
        Assert.Equal(180, source.DrainOf("small").FragmentsSeen);
        await AssertNothingLeftAsync(source);
    }

    [Fact]
    public async Task TwoChildren_TakeTurnsOnOneSlotOfTheServersPool()
    {
        NumberedSource numbers = NumberedSource.Encode(Pictures, gop: 30);
        DevicePlan plan = new()
        {
            Policy = new DevicePolicy(Index: null, TestDevices.Vendor),
            BoundsWork = false,
            DecodeDevice = 1,
            DecodersMax = 1,
            Simulated = [TestDevices.Device(slots: 1, out SimulatedFaults faults)],
        };
        faults.Disagree("baseline");
        await using DevicePool devices = TestDevices.Open(plan);
        await using LadderSource first = children.Source(out _, [Small], devices, plan, name: "live/first");
        await using LadderSource second = children.Source(out _, [Small], devices, plan, name: "live/second");
        for (int chunk = 0; chunk < 6; chunk++)
        {
            numbers.Publish(first, (chunk * 30)..((chunk + 1) * 30));
            numbers.Publish(second, (chunk * 30)..((chunk + 1) * 30));
            await Eventually.TrueAsync(() => devices.Snapshot()[1].Leases.Count <= 1, "no more leases than slots");
        }

        // The other one's source is decoded by the CPU.
        await Eventually.TrueAsync(() => devices.Snapshot()[1].Decoding == 1, "the device decodes one of the sources");

        await Task.WhenAll(first.EndAsync(), second.EndAsync());

        AssertWhole(first, "small");
        AssertWhole(second, "small");
        foreach (RenditionProgress progress in (RenditionProgress[])[first.DrainOf("small").Progress, second.DrainOf("small").Progress])
        {
            Assert.Equal("simulated1", progress.Device);
            Assert.StartsWith("avc1.42", progress.Track!.Codec, StringComparison.Ordinal);
        }

        await AssertNothingLeftAsync(first);
    }

    [Fact]
    public async Task Rendition_ThatAnOperatorRestarts_GetsAnotherEncoderInTheSameChild()
    {
        NumberedSource numbers = NumberedSource.Encode(Pictures, gop: 5);
        await using LadderSource source = children.Source(out Func<IsolationReport> report, [Small]);
        numbers.Publish(source, ..10);
        TimeSpan held = default;
        await Eventually.TrueAsync(() => (held = HeldBy(source) ?? default) > TimeSpan.Zero, "it has an encoder");
        int? child = report().ProcessId;
        Assert.True(source.Loads.Restart(source.Session.Broadcast, "small"));
        Assert.False(source.Loads.Restart(source.Session.Broadcast, "none"));
        int published = 10;
        int looks = 0;
        await Eventually.TrueAsync(
            () =>
            {
                // A chunk now and then: it is restarted where one starts, once the child was told.
                if (++looks % 20 == 0 && published < Pictures)
                {
                    numbers.Publish(source, published..(published += 5));
                }

                TimeSpan before = held;
                held = HeldBy(source) ?? before;
                return held < before;
            },
            "it has another encoder");
        Assert.Equal(child, report().ProcessId);
        numbers.Publish(source, published..);
        await source.EndAsync();

        AssertWhole(source, "small");
        RenditionProgress progress = source.DrainOf("small").Progress;
        Assert.Equal((0L, 0L, 0L), (progress.ChunksRequeued, progress.EncoderRestarts, progress.Failovers));
        await AssertNothingLeftAsync(source);
    }

    private static TimeSpan? HeldBy(LadderSource source) => source.Devices.Snapshot().SelectMany(static device => device.Leases).FirstOrDefault()?.Held;

    private static (long, long, long, long, long) Counters(Drain drain) => (
        drain.Progress.FramesDecoded, drain.Progress.FramesEncoded, drain.Progress.FramesDropped, drain.Progress.ChunksEncoded, drain.Progress.BytesEncoded);

    private static IEnumerable<string> BytesOf(LadderSource source, string rendition) =>
        source.RecordOf(rendition).Samples.Select(static sample => $"{sample.Sample with { Offset = 0 }} {sample.IsDiscontinuity} {Convert.ToHexString(sample.Bytes)}");

    private static void AssertWhole(LadderSource source, string rendition) => Assert.Equal(
        Enumerable.Range(0, Pictures).Select(static number => ((long)number, number)), source.RecordOf(rendition).Decode());

    private static async Task AssertNothingLeftAsync(LadderSource source)
    {
        await Eventually.TrueAsync(() => source.Devices.Snapshot().All(static device => device is { Leases.Count: 0, Waiting: 0, Decoding: null or 0 }), "every lease is given back");
        await Eventually.TrueAsync(() => source.Pool.LentPayloads == 0, "every payload is given back");
    }
}
