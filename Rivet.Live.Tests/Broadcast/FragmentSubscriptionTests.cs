using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Broadcast;

/// <summary>What readers of different speeds get of one track.</summary>
public sealed class FragmentSubscriptionTests
{
    private static readonly SubscriptionBound Four = new(1000, 4);

    private readonly FragmentFactory _fragments = new();
    private readonly FragmentBroadcasterRegistry _registry = new(NullLogger<FragmentBroadcasterRegistry>.Instance, TimeProvider.System);
    private readonly FragmentBroadcaster _track;

    public FragmentSubscriptionTests() =>
        _track = _registry.GetOrCreate(new TrackKey(BroadcastId.Parse("live/demo"), "video"), TrackKind.Video, FragmentFactory.Session());

    [Fact]
    public async Task SlowReader_OfTwentyKeyframes_GetsTheLastFourAndCountsSixteen()
    {
        using FragmentSubscription slow = _track.Subscribe(Four);
        using FragmentSubscription fast = _track.Subscribe(SubscriptionBound.Default);
        PublishTwenty(gop: 1);

        Assert.Equal([16, 17, 18, 19], await ReadAllAsync(slow));
        Assert.Equal(Enumerable.Range(0, 20).Select(static number => (long)number), await ReadAllAsync(fast));
        Assert.Equal((16L, 0L), (slow.Skipped, fast.Skipped));
        _fragments.AssertAllReturned();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    public async Task SlowReader_OfGops_ResumesAtAKeyframeAndCountsTheRest(int gop)
    {
        using FragmentSubscription slow = _track.Subscribe(Four);
        PublishTwenty(gop);

        List<long> read = await ReadAllAsync(slow);

        Assert.True(read.Count == 0 || read[0] % gop == 0, $"begins with {read.FirstOrDefault()}");
        Assert.Equal(read, read.Order());
        Assert.Equal(20, slow.Skipped + read.Count);
        _fragments.AssertAllReturned();
    }

    [Fact]
    public async Task ReaderInTheMiddleOfAGop_ThatLosesFragments_GetsNothingBeforeTheNextKeyframe()
    {
        using FragmentSubscription slow = _track.Subscribe(Four);
        Publish(0, isSync: true);
        (await slow.ReadAsync(CancellationToken.None))!.Dispose();
        for (int number = 1; number < 10; number++)
        {
            Publish(number, isSync: number == 8);
        }

        _registry.Remove(_track);

        Assert.Equal([8, 9], await ReadAllAsync(slow));
        Assert.Equal(7, slow.Skipped);
        _fragments.AssertAllReturned();
    }

    [Fact]
    public async Task SlowReader_BoundInSeconds_NeverHoldsMore()
    {
        using FragmentSubscription slow = _track.Subscribe(new SubscriptionBound(0.4, 1000));
        for (int number = 0; number < 100; number++)
        {
            Publish(number, isSync: true);
            Assert.True(slow.QueuedSeconds < 0.4 + 0.0401, $"{slow.QueuedSeconds} s wait");
        }

        _registry.Remove(_track);
        List<long> read = await ReadAllAsync(slow);
        Assert.Equal(99, read[^1]);
        Assert.Equal(0, slow.QueuedSeconds);
        _fragments.AssertAllReturned();
    }

    [Fact]
    public async Task SlowReader_ThatLosesADiscontinuity_IsToldOfItByTheNextFragment()
    {
        using FragmentSubscription slow = _track.Subscribe(Four);
        for (int number = 0; number < 20; number++)
        {
            _track.Publish(_fragments.One(number, isSync: true, isDiscontinuity: number == 3));
        }

        using (Fragment first = (await slow.ReadAsync(CancellationToken.None))!)
        {
            Assert.Equal((16L, true), (first.Sequence, first.IsDiscontinuity));
        }

        using (Fragment second = (await slow.ReadAsync(CancellationToken.None))!)
        {
            Assert.False(second.IsDiscontinuity);
        }

        slow.Dispose();
        _fragments.AssertAllReturned();
    }

    [Fact]
    public async Task Reader_WhoseTrackEnds_ReadsWhatIsQueuedThenNull()
    {
        using FragmentSubscription reader = _track.Subscribe(SubscriptionBound.Default);
        Publish(0, isSync: true);
        Publish(1, isSync: false);
        _registry.Remove(_track);
        Publish(2, isSync: false);

        Assert.Equal([0, 1], await ReadAllAsync(reader));
        Assert.Null(await reader.ReadAsync(CancellationToken.None));
        _fragments.AssertAllReturned();
    }

    [Fact]
    public async Task Reader_ThatJoinsAnEndedTrack_EndsAtOnce()
    {
        _registry.Remove(_track);
        using FragmentSubscription late = _track.Subscribe(SubscriptionBound.Default);

        Assert.Null(await late.ReadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task WaitingReader_WhoseSubscriptionIsDisposed_Ends()
    {
        FragmentSubscription reader = _track.Subscribe(SubscriptionBound.Default);
        ValueTask<Fragment?> read = reader.ReadAsync(CancellationToken.None);

        reader.Dispose();

        Assert.Null(await read);
        Assert.Equal(0, _track.Subscribers);
    }

    [Fact]
    public async Task WaitingReader_ThatIsCancelled_ThrowsAndLosesNothing()
    {
        using FragmentSubscription reader = _track.Subscribe(SubscriptionBound.Default);
        using CancellationTokenSource aborting = new();
        ValueTask<Fragment?> read = reader.ReadAsync(aborting.Token);
        await aborting.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await read);

        Publish(0, isSync: true);
        _registry.Remove(_track);

        Assert.Equal([0], await ReadAllAsync(reader));
        _fragments.AssertAllReturned();
    }

    /// <summary>No wake-up is lost, no fragment is read twice, whatever the timing of publisher and reader.</summary>
    [Fact]
    public async Task Readers_WhileThePublisherIsAtWork_GetEveryFragmentInOrder()
    {
        const int Count = 20_000;
        Task<List<long>>[] readers = [.. Enumerable.Range(0, 3).Select(_ =>
        {
            FragmentSubscription reader = _track.Subscribe(new SubscriptionBound(double.MaxValue, Count));
            return Task.Run(async () =>
            {
                using (reader)
                {
                    return await ReadAllAsync(reader);
                }
            });
        })];
        await Task.Run(() =>
        {
            for (int number = 0; number < Count; number++)
            {
                Publish(number, isSync: number % 50 == 0);
            }

            _registry.Remove(_track);
        });

        foreach (Task<List<long>> reader in readers)
        {
            Assert.Equal(Enumerable.Range(0, Count).Select(static number => (long)number), await reader.WaitAsync(Eventually.Patience));
        }

        _fragments.AssertAllReturned();
    }

    [Fact]
    public async Task Readers_ThatComeAndGoDuringPublication_LeaveNothingBehind()
    {
        using CancellationTokenSource enough = new();
        Task publisher = Task.Run(() =>
        {
            for (int number = 0; !enough.IsCancellationRequested; number++)
            {
                Publish(number, isSync: true);
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (int visit = 0; visit < 200; visit++)
            {
                using FragmentSubscription reader = _track.Subscribe(Four);
                (await reader.ReadAsync(CancellationToken.None))?.Dispose();
            }
        })));
        await enough.CancelAsync();
        await publisher;

        Assert.Equal(0, _track.Subscribers);
        _fragments.AssertAllReturned();
    }

    private static async Task<List<long>> ReadAllAsync(FragmentSubscription reader)
    {
        List<long> sequences = [];
        while (await reader.ReadAsync(CancellationToken.None) is { } fragment)
        {
            using (fragment)
            {
                sequences.Add(fragment.Sequence);
            }
        }

        return sequences;
    }

    private void PublishTwenty(int gop)
    {
        for (int number = 0; number < 20; number++)
        {
            Publish(number, isSync: number % gop == 0);
        }

        _registry.Remove(_track);
    }

    private void Publish(int number, bool isSync) => _track.Publish(_fragments.One(number, isSync));
}
