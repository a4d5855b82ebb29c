using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Drains;

/// <summary>Drains: who is fed, what is counted, and who survives whose exception (rule 6).</summary>
public sealed class TranscodeRunnerTests
{
    private static readonly BroadcastId Demo = BroadcastId.Parse("live/demo");

    private readonly FragmentFactory _fragments = new();
    private readonly FragmentBroadcasterRegistry _registry = new(NullLogger<FragmentBroadcasterRegistry>.Instance, TimeProvider.System);
    private readonly BroadcastSession _session = FragmentFactory.Session();

    [Fact]
    public async Task Passthrough_OfFiveFragments_SeesFiveAndPublishesThem()
    {
        await using TranscodeRunner runner = Run(new PassthroughFactory("copy", TrackKind.Video));
        List<long> copied = [];
        TaskCompletionSource<FragmentSubscription> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable observation = _registry.Observe(
            track =>
            {
                if (track.Rendition == "copy")
                {
                    opened.SetResult(track.Subscribe(SubscriptionBound.Default));
                }
            },
            static _ => { });
        await PublishAsync(runner, 5);

        using (FragmentSubscription reader = await opened.Task.WaitAsync(Eventually.Patience))
        {
            while (await reader.ReadAsync(CancellationToken.None) is { } fragment)
            {
                using (fragment)
                {
                    copied.Add(fragment.Start.Ticks);
                }
            }
        }

        Drain drain = DrainOf(runner, "passthrough", "copy");
        Assert.Equal([0, 3600, 7200, 10800, 14400], copied);
        Assert.Equal((5L, 0L, RenditionState.Stopped), (drain.FragmentsSeen, drain.Panics, drain.Progress.State));
        Assert.Empty(_registry.Tracks);
        _fragments.AssertAllReturned();
    }

    [Fact]
    public async Task Transcoder_ThatWaitsForSomething_IsCalledWhenItComesAboutAlsoAfterTheEnd()
    {
        TaskCompletionSource before = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource after = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ScriptedFactory factory = new("waiting");
        await using TranscodeRunner runner = Run(factory);
        FragmentBroadcaster source = Source();
        ScriptedTranscoder transcoder = factory.Made.Single();
        transcoder.Pending = before.Task;
        source.Publish(_fragments.One(0, isSync: true));
        await Eventually.TrueAsync(() => transcoder.Calls.Count == 2, "the fragment was taken");
        before.SetResult();
        await Eventually.TrueAsync(() => transcoder.Calls.Count == 3, "it went on");

        transcoder.Pending = after.Task;
        _registry.Remove(source);
        await Eventually.TrueAsync(() => transcoder.Calls.Count == 4, "it was stopped");
        after.SetResult();
        await runner.WhenDrainedAsync(_session).WaitAsync(Eventually.Patience);

        Assert.Equal("start,fragment 0,continue,stop,continue,dispose", string.Join(',', transcoder.Calls));
    }

    [Theory]
    [InlineData("fragment 2", 5, 1, "start,fragment 0,fragment 1,fragment 2,fragment 3,fragment 4,stop,dispose")]
    [InlineData("start", 0, 1, "start,dispose")]
    [InlineData("stop", 5, 1, "start,fragment 0,fragment 1,fragment 2,fragment 3,fragment 4,stop,dispose")]
    [InlineData("dispose", 5, 1, "start,fragment 0,fragment 1,fragment 2,fragment 3,fragment 4,stop,dispose")]
    public async Task Transcoder_ThatThrows_IsCountedAndItsNeighbourDoesNotNotice(string at, long seen, long panics, string calls)
    {
        ScriptedFactory thrower = new("bad", call => call == at);
        ScriptedFactory neighbour = new("good");
        await using TranscodeRunner runner = Run(thrower, neighbour);
        using FragmentSubscription viewer = Source().Subscribe(SubscriptionBound.Default);

        await PublishAsync(runner, 5);

        Drain bad = DrainOf(runner, "scripted", "bad");
        Drain good = DrainOf(runner, "scripted", "good");
        Assert.Equal((seen, panics), (bad.FragmentsSeen, bad.Panics));
        Assert.Equal(calls, string.Join(',', thrower.Made.Single().Calls));
        Assert.Equal((5L, 0L, RenditionState.Stopped), (good.FragmentsSeen, good.Panics, good.Progress.State));
        Assert.Equal("start,fragment 0,fragment 1,fragment 2,fragment 3,fragment 4,stop,dispose", string.Join(',', neighbour.Made.Single().Calls));
        Assert.Equal(5, await CountAsync(viewer));
        _fragments.AssertAllReturned();
    }

    [Theory]
    [InlineData("start", 1, 0, 0, "Failed")]
    [InlineData("fragment 2", 0, 1, 0, "Stopped")]
    [InlineData("stop", 0, 0, 1, "Stopped")]
    [InlineData("fragment", 0, 5, 0, "Stopped")]
    public async Task Panics_AreCountedByPhase(string at, long start, long fragment, long stop, string state)
    {
        ScriptedFactory thrower = new("bad", call => call.StartsWith(at, StringComparison.Ordinal));
        await using TranscodeRunner runner = Run(thrower);

        await PublishAsync(runner, 5);

        Drain drain = DrainOf(runner, "scripted", "bad");
        Assert.Equal(
            (start, fragment, stop), (drain.PanicsIn(DrainPhase.Start), drain.PanicsIn(DrainPhase.Fragment), drain.PanicsIn(DrainPhase.Stop)));
        Assert.Equal(state, drain.Progress.State.ToString());
    }

    [Fact]
    public async Task Factory_ThatThrows_CostsOnlyItsOwnRendition()
    {
        ScriptedFactory broken = new("bad", (TranscoderContext _) => throw new InvalidOperationException("no transcoder today"));
        ScriptedFactory good = new("good");
        await using TranscodeRunner runner = Run(broken, good);

        await PublishAsync(runner, 3);

        Assert.DoesNotContain(runner.Drains, static drain => drain.Key.Rendition == "bad");
        Assert.Equal(3, DrainOf(runner, "scripted", "good").FragmentsSeen);
    }

    [Fact]
    public async Task Factory_ThatOptsOut_GetsNoDrain()
    {
        ScriptedFactory video = new("720p", context => context.Source.Kind == TrackKind.Video ? new ScriptedTranscoder() : null);
        await using TranscodeRunner runner = Run(video);
        FragmentBroadcaster audio = _registry.GetOrCreate(new TrackKey(Demo, "audio"), TrackKind.Audio, _session);
        audio.Publish(_fragments.One(0, isSync: true, FragmentFactory.Audio));

        _registry.Remove(audio);
        await runner.WhenDrainedAsync(_session);

        Assert.Single(video.Asked);
        Assert.Empty(runner.Drains);
        _fragments.AssertAllReturned();
    }

    [Fact]
    public async Task Runner_WithoutFactories_HasNoDrains()
    {
        await using TranscodeRunner runner = Run();

        await PublishAsync(runner, 3);

        Assert.Empty(runner.Drains);
        _fragments.AssertAllReturned();
    }

    [Fact]
    public async Task Ladder_OfThreeRenditions_HasThreeDrainsOnThreadsOfTheirOwn()
    {
        ScriptedFactory[] ladder = [new("720p"), new("480p"), new("240p")];
        await using TranscodeRunner runner = Run(ladder);

        await PublishAsync(runner, 5);

        Assert.Equal(["240p", "480p", "720p"], runner.Drains.Select(static drain => drain.Key.Rendition).Order());
        Assert.All(ladder, static factory => Assert.Single(factory.Made.Single().Threads));
        Assert.Equal(0, runner.Running);
    }

    [Fact]
    public async Task RenditionTrack_IsNeverTranscodedAgain()
    {
        ScriptedFactory factory = new("480p");
        await using TranscodeRunner runner = Run(factory);

        _registry.GetOrCreate(new TrackKey(Demo, "720p"), TrackKind.Video, _session, rendition: "720p");

        Assert.Empty(factory.Asked);
    }

    [Fact]
    public async Task Init_ThatComesAfterTheTrackOpened_ReachesTheStart()
    {
        ScriptedFactory factory = new("480p");
        await using TranscodeRunner runner = Run(factory);
        Assert.Null(Source().Track);

        await PublishAsync(runner, 1);

        Assert.Same(FragmentFactory.Video, factory.Made.Single().Tracks[0]);
    }

    [Fact]
    public async Task Init_ThatChanges_ReachesTheTranscoderWithItsFragment()
    {
        ScriptedFactory factory = new("480p");
        await using TranscodeRunner runner = Run(factory);
        TrackDescription changed = FragmentFactory.Changed(FragmentFactory.Video);
        Source().Publish(_fragments.One(0, isSync: true));
        Source().Publish(_fragments.One(1, isSync: true, changed));
        await EndAsync(runner);

        Assert.Equal([FragmentFactory.Video, FragmentFactory.Video, changed], factory.Made.Single().Tracks);
    }

    [Fact]
    public async Task Track_ThatEndsWithoutMedia_DisposesTheTranscoderItNeverStarted()
    {
        ScriptedFactory factory = new("480p");
        await using TranscodeRunner runner = Run(factory);
        Source();

        await EndAsync(runner);

        Assert.Equal(["dispose"], factory.Made.Single().Calls);
        Assert.Equal(RenditionState.Stopped, DrainOf(runner, "scripted", "480p").Progress.State);
    }

    [Fact]
    public async Task Runner_ThatIsDropped_EndsItsDrainsAndStopsTheirTranscoders()
    {
        ScriptedFactory factory = new("480p");
        TranscodeRunner runner = Run(factory);
        Source().Publish(_fragments.One(0, isSync: true));
        Drain drain = DrainOf(runner, "scripted", "480p");
        await Eventually.TrueAsync(() => drain.FragmentsSeen == 1, "the fragment was seen");

        await runner.DisposeAsync();
        Source().Publish(_fragments.One(1, isSync: true));

        await Eventually.TrueAsync(() => runner.Running == 0, "every drain was forgotten");
        Assert.Equal(1, drain.FragmentsSeen);
        Assert.Equal(["start", "fragment 0", "stop", "dispose"], factory.Made.Single().Calls);
        Assert.Equal(0, Source().Subscribers);
        _fragments.AssertAllReturned();
    }

    [Fact]
    public async Task SlowDrain_LosesFragmentsOfItsOwnAndNobodyElses()
    {
        using SemaphoreSlim gate = new(0);
        ScriptedFactory slow = new("slow", call => call == "fragment 0" && !gate.Wait(Eventually.Patience));
        ScriptedFactory fast = new("fast");
        await using TranscodeRunner runner = Run(new SubscriptionBound(1000, 4), slow, fast);
        Source().Publish(_fragments.One(0, isSync: true));
        Drain quick = DrainOf(runner, "scripted", "fast");
        Drain late = DrainOf(runner, "scripted", "slow");
        await Eventually.TrueAsync(() => late.FragmentsSeen == 1, "the slow drain is inside its first fragment");
        for (int number = 1; number < 20; number++)
        {
            Source().Publish(_fragments.One(number, isSync: true));
            long expected = number + 1;
            await Eventually.TrueAsync(() => quick.FragmentsSeen == expected, "the fast drain saw it");
        }

        gate.Release();
        await EndAsync(runner);

        Assert.Equal((20L, 0L), (quick.FragmentsSeen, quick.FragmentsSkipped));
        Assert.Equal(20, late.FragmentsSeen + late.FragmentsSkipped);
        Assert.Equal(15, late.FragmentsSkipped);
        Assert.Equal(0, late.Panics);
        _fragments.AssertAllReturned();
    }

    [Fact]
    public async Task NewLifeOfABroadcast_HasCountersOfItsOwn()
    {
        ScriptedFactory factory = new("480p");
        await using TranscodeRunner runner = Run(factory);
        await PublishAsync(runner, 5);
        Drain first = DrainOf(runner, "scripted", "480p");
        BroadcastSession again = FragmentFactory.Session();
        FragmentBroadcaster track = _registry.GetOrCreate(new TrackKey(Demo, "video"), TrackKind.Video, again);
        track.Publish(_fragments.One(0, isSync: true));
        _registry.Remove(track);
        await runner.WhenDrainedAsync(again);

        Assert.Same(first, Assert.Single(runner.DrainsOf(_session)));
        runner.Forget(_session);

        Assert.Empty(runner.DrainsOf(_session));
        Assert.Equal(5, first.FragmentsSeen);
        Assert.Equal(1, Assert.Single(runner.DrainsOf(again)).FragmentsSeen);
        runner.Forget(again);
        Assert.Empty(runner.Drains);
    }

    private TranscodeRunner Run(params ITranscoderFactory[] factories) => Run(SubscriptionBound.Default, factories);

    private TranscodeRunner Run(SubscriptionBound bound, params ITranscoderFactory[] factories) =>
        new(_registry, factories, static () => { }, bound, NullLoggerFactory.Instance);

    private FragmentBroadcaster Source() => _registry.GetOrCreate(new TrackKey(Demo, "video"), TrackKind.Video, _session);

    private async Task PublishAsync(TranscodeRunner runner, int fragments)
    {
        FragmentBroadcaster track = Source();
        for (int number = 0; number < fragments; number++)
        {
            track.Publish(_fragments.One(number, isSync: true));
        }

        await EndAsync(runner);
    }

    private async Task EndAsync(TranscodeRunner runner)
    {
        _registry.Remove(Source());
        await runner.WhenDrainedAsync(_session).WaitAsync(Eventually.Patience);
        await Eventually.TrueAsync(() => runner.Running == 0, "every drain was forgotten");
    }

    private static Drain DrainOf(TranscodeRunner runner, string transcoder, string rendition) =>
        runner.Drains.Single(drain => drain.Key == new DrainKey(transcoder, rendition, Demo, "video"));

    private static async Task<int> CountAsync(FragmentSubscription viewer)
    {
        int count = 0;
        while (await viewer.ReadAsync(CancellationToken.None) is { } fragment)
        {
            fragment.Dispose();
            count++;
        }

        return count;
    }
}
