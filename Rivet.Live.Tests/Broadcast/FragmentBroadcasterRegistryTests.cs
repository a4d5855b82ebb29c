using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Broadcast;

/// <summary>Who is told of which track, when, and what nobody may miss.</summary>
public sealed class FragmentBroadcasterRegistryTests
{
    private static readonly TrackKey Video = new(BroadcastId.Parse("live/demo"), "video");

    private readonly FragmentFactory _fragments = new();
    private readonly FragmentBroadcasterRegistry _registry = new(NullLogger<FragmentBroadcasterRegistry>.Instance, TimeProvider.System);
    private readonly BroadcastSession _session = FragmentFactory.Session();

    [Fact]
    public async Task SixtyFourCallers_OfOneKey_GetOneTrackAnnouncedOnce()
    {
        for (int round = 0; round < 20; round++)
        {
            TrackKey key = new(Video.Broadcast, $"video{round}");
            int announced = 0;
            using IDisposable observation = _registry.Observe(
                track => announced += track.Key == key ? 1 : 0, static _ => { });
            using Barrier together = new(64);
            FragmentBroadcaster[] tracks = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait();
                    return _registry.GetOrCreate(key, TrackKind.Video, _session);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));

            Assert.Single(tracks.Distinct());
            Assert.Equal(1, announced);
        }
    }

    [Fact]
    public void Observer_ThatOpensATrackItself_IsServedAndTellsOfThatOneToo()
    {
        List<string> opened = [];
        using IDisposable observation = _registry.Observe(
            track =>
            {
                opened.Add(track.Key.Track);
                if (track.Key.Track == "video")
                {
                    Assert.Same(track, _registry.GetOrCreate(Video, TrackKind.Video, _session));
                    _registry.GetOrCreate(new TrackKey(Video.Broadcast, "480p"), TrackKind.Video, _session, "480p");
                }
            },
            static _ => { });

        Open();

        Assert.Equal(["video", "480p"], opened);
    }

    [Fact]
    public void Relay_HearsOfEverythingInOrder_AlsoOfWhatWasPublishedWhileItWasTold()
    {
        List<Fragment> heard = [];
        using IDisposable observation = _registry.Observe(
            track =>
            {
                track.Publish(_fragments.One(0, isSync: true));
                track.Relay(heard.Add);
            },
            static _ => { });
        FragmentBroadcaster track = Open();
        track.Publish(_fragments.One(1, isSync: false));
        Assert.Equal([0L, 1L], heard.Select(static fragment => fragment.Sequence));
        _registry.Remove(track);
        track.Publish(_fragments.One(2, isSync: false));

        Assert.Equal([1, 2], heard.Select(static fragment => BitConverter.ToInt32(fragment.BytesOf(fragment.Samples[0]))));
        Assert.Equal(2, _fragments.Pool.LentPayloads);
        heard.ForEach(static fragment => fragment.Dispose());
        _fragments.AssertAllReturned();
    }

    [Fact]
    public async Task ObserverThatSubscribes_WhileAnotherThreadPublishesAlready_MissesNothing()
    {
        using SemaphoreSlim inCallback = new(0);
        using SemaphoreSlim published = new(0);
        FragmentSubscription? reader = null;
        using IDisposable observation = _registry.Observe(
            track =>
            {
                inCallback.Release();
                Assert.True(published.Wait(Eventually.Patience));
                reader = track.Subscribe(SubscriptionBound.Default);
            },
            static _ => { });
        Task<FragmentBroadcaster> opener = Task.Run(Open);
        Assert.True(await inCallback.WaitAsync(Eventually.Patience));
        FragmentBroadcaster track = Open();
        track.Publish(_fragments.One(0, isSync: true));
        track.Publish(_fragments.One(1, isSync: false));
        published.Release();
        Assert.Same(track, await opener);
        track.Publish(_fragments.One(2, isSync: false));
        _registry.Remove(track);

        using (reader)
        {
            for (long expected = 0; expected < 3; expected++)
            {
                using Fragment? fragment = await reader!.ReadAsync(CancellationToken.None);
                Assert.Equal(expected, fragment!.Sequence);
            }

            Assert.Null(await reader!.ReadAsync(CancellationToken.None));
        }

        _fragments.AssertAllReturned();
    }

    [Fact]
    public void ObserverThatThrows_ReachesNeitherThePublisherNorTheOthers()
    {
        int told = 0;
        using IDisposable first = _registry.Observe(
            static _ => throw new InvalidOperationException("opened"), static _ => throw new InvalidOperationException("removed"));
        using IDisposable second = _registry.Observe(_ => told++, _ => told++);

        Assert.True(_registry.Remove(Open()));

        Assert.Equal(2, told);
    }

    [Fact]
    public void Removal_IsAnnouncedOnceAndTheKeyIsFree()
    {
        List<FragmentBroadcaster> removed = [];
        using IDisposable observation = _registry.Observe(static _ => { }, removed.Add);
        FragmentBroadcaster track = Open();

        Assert.True(_registry.Remove(track));
        Assert.False(_registry.Remove(track));

        Assert.Equal([track], removed);
        Assert.Null(_registry.Find(Video));
        Assert.NotSame(track, Open());
        Assert.False(_registry.Remove(track), "an ended track must not take its successor with it");
        Assert.Single(_registry.Tracks);
    }

    [Fact]
    public void Observer_ThatComesLate_IsToldOfWhatExists()
    {
        FragmentBroadcaster track = Open();
        List<FragmentBroadcaster> opened = [];

        using IDisposable observation = _registry.Observe(opened.Add, static _ => { });
        Open();

        Assert.Equal([track], opened);
    }

    [Fact]
    public void Observer_ThatLeft_HearsNoMore()
    {
        int told = 0;
        _registry.Observe(_ => told++, _ => told++).Dispose();

        _registry.Remove(Open());

        Assert.Equal(0, told);
    }

    [Fact]
    public async Task Observers_ThatComeWhileTracksOpen_HearOfEachExactlyOnce()
    {
        const int Tracks = 300;
        Task opener = Task.Run(() =>
        {
            for (int number = 0; number < Tracks; number++)
            {
                _registry.GetOrCreate(new TrackKey(Video.Broadcast, $"t{number}"), TrackKind.Video, _session);
            }
        });
        List<(System.Collections.Concurrent.ConcurrentQueue<string> Heard, IDisposable Observation)> observers = [];
        while (!opener.IsCompleted)
        {
            System.Collections.Concurrent.ConcurrentQueue<string> heard = [];
            observers.Add((heard, _registry.Observe(track => heard.Enqueue(track.Key.Track), static _ => { })));
            await Task.Yield();
        }

        await opener;
        Assert.All(observers, static observer =>
        {
            Assert.Equal(Tracks, observer.Heard.Count);
            Assert.Equal(Tracks, observer.Heard.Distinct().Count());
        });
        observers.ForEach(static observer => observer.Observation.Dispose());
    }

    [Fact]
    public void Track_ThatCarriesALaterInit_ShowsItToEverybody()
    {
        FragmentBroadcaster track = Open();
        Assert.Null(track.Track);

        track.Publish(_fragments.One(0, isSync: true));
        Assert.Same(FragmentFactory.Video, track.Track);
        TrackDescription changed = FragmentFactory.Changed(FragmentFactory.Video);
        track.Publish(_fragments.One(1, isSync: true, changed));

        Assert.Same(changed, track.Track);
        Assert.Equal(2, track.Published);
        _fragments.AssertAllReturned();
    }

    private FragmentBroadcaster Open() => _registry.GetOrCreate(Video, TrackKind.Video, _session);
}
