using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Ingest;

/// <summary>What is told of a publisher that sends nothing: parts of half a second, target duration two, 0.3 s of patience.</summary>
public sealed class StallWatchTests : IAsyncLifetime
{
    private const double Patience = 0.3;

    private readonly FragmentFactory _fragments = new();
    private readonly ManualTime _time = new();
    private readonly FragmentBroadcasterRegistry _registry = new(NullLogger<FragmentBroadcasterRegistry>.Instance, TimeProvider.System);
    private readonly PublishingPoint _point;
    private readonly FragmentBroadcaster _video;
    private readonly FragmentSubscription _subscription;
    private readonly ArrivalClock _arrivals;
    private readonly Publisher _publisher;
    private double _now;
    private Task _watching = Task.CompletedTask;

    public StallWatchTests()
    {
        _point = new PublishingPoint(FragmentFactory.Session(), _time);
        _publisher = Enter(_point);
        _video = _registry.GetOrCreate(new TrackKey(_point.Broadcast, "video"), TrackKind.Video, _point.Session, rendition: null, FragmentFactory.Video);
        _subscription = _video.Subscribe(new SubscriptionBound(double.MaxValue, int.MaxValue));
        _arrivals = _point.ArrivalsOf(_video);
        _arrivals.DrivesGrid = true;
    }

    public Task InitializeAsync()
    {
        _watching = new StallWatch(_point, TimeSpan.FromSeconds(Patience), _time).RunAsync(CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _point.Close();
        await Eventually.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return _watching.IsCompleted;
            },
            "the watch ended");
        await _watching;
        _subscription.Dispose();
        _publisher.Dispose();
    }

    [Fact]
    public async Task PublisherThatKeepsItsPace_HasNoGaps()
    {
        for (int sent = 0; sent < 20; sent++)
        {
            Send(sent * 0.2, 0.2);
            await AdvanceAsync(0.2);
        }

        Assert.Empty(await AbsencesAsync());
    }

    /// <summary>Its next keyframe may take as long again.</summary>
    [Fact]
    public async Task PublisherOfWholeGops_IsGivenTwiceTheLengthOfItsGops()
    {
        for (int sent = 0; sent < 4; sent++)
        {
            await AdvanceAsync(2);
            Send(sent * 2.0, 2.0);
        }

        Assert.Empty(await AbsencesAsync());
        await AdvanceAsync(4 - 0.1);
        Assert.Empty(await AbsencesAsync());
        await AdvanceAsync(0.2);
        Assert.Equal([(8.0, 8.5)], await AbsencesAsync());
    }

    /// <summary>What the one before it sent says nothing of it.</summary>
    [Fact]
    public void PublisherOfWholeGops_AfterOneOfShortFragments_IsKnownAsSuch()
    {
        Send(0, 1);
        Send(1, 1, startsWithKeyframe: false);
        Send(2, 1);
        Assert.False(_arrivals.SendsGops);

        Send(3, 1, isDiscontinuity: true);
        Assert.True(_arrivals.SendsGops);
    }

    /// <summary>Its fragments are longer than a part, but what they end with is not a GOP.</summary>
    [Fact]
    public async Task PublisherOfLongFragments_IsGivenThePatienceOfEveryOther()
    {
        for (int sent = 0; sent < 4; sent++)
        {
            await AdvanceAsync(1);
            Send(sent, 1, startsWithKeyframe: sent % 2 == 0);
        }

        await AdvanceAsync(1 + Patience - 0.1);
        Assert.Empty(await AbsencesAsync());
        await AdvanceAsync(0.2);
        Assert.Equal([(4.0, 4.5)], await AbsencesAsync());
    }

    [Fact]
    public async Task PublisherThatRanAhead_IsGivenTheTimeItIsAhead()
    {
        // Five seconds of media at once, as a file is sent.
        for (int sent = 0; sent < 25; sent++)
        {
            Send(sent * 0.2, 0.2);
        }

        await AdvanceAsync(5 + Patience - 0.1);
        Assert.Empty(await AbsencesAsync());
        await AdvanceAsync(0.2);
        Assert.Single(await AbsencesAsync());
    }

    [Fact]
    public async Task PublisherThatStalls_HasAGapOfOnePartPerPart()
    {
        Send(0, 0.2);
        await AdvanceAsync(0.2);
        Send(0.2, 0.2);

        // The next fragment's last byte is due 0.2 s after its beginning.
        await AdvanceAsync(0.2 + Patience - 0.05);
        Assert.Empty(await AbsencesAsync());
        await AdvanceAsync(0.1);
        Assert.Equal([(0.4, 0.9)], await AbsencesAsync());
        await AdvanceAsync(1.5);

        Assert.Equal([(0.9, 1.4), (1.4, 1.9), (1.9, 2.4)], await AbsencesAsync());
        Assert.True(_point.Session.Grid.IsAbsent(new MediaTime(90000, 90000)));
        Assert.False(_point.Session.Grid.IsAbsent(new MediaTime(2 * 9000, 90000)));
    }

    /// <summary>There is nobody whose media could still come.</summary>
    [Fact]
    public async Task PublisherThatIsGone_HasAGapAtOnce()
    {
        await AdvanceAsync(0.2);
        Send(0, 0.2);
        await AdvanceAsync(0.1);
        _point.Leave(_publisher);
        await AdvanceAsync(0.1 - 0.05);
        Assert.Empty(await AbsencesAsync());
        await AdvanceAsync(0.2);

        Assert.Equal([(0.2, 0.7)], await AbsencesAsync());
    }

    [Fact]
    public async Task PublisherThatComesBackOnTime_IsLateByNothing()
    {
        await AdvanceAsync(0.2);
        Send(0, 0.2);
        await AdvanceAsync(3.9);

        // Live again: what was taken just now, while all before was lost.
        Send(3.9, 0.2);

        Assert.True((await AbsencesAsync())[^1].Until <= 3.9);
        await AdvanceAsync(0.4);
        Assert.Empty(await AbsencesAsync());
    }

    [Fact]
    public async Task PublisherThatStaysLate_IsWaitedForLongerFromThenOn()
    {
        Send(0, 0.2);
        await AdvanceAsync(4.2);
        await AbsencesAsync();

        // It goes on where it stopped, four seconds late, at its usual pace.
        for (int sent = 1; sent < 40; sent++)
        {
            Send(sent * 0.2, 0.2);
            await AdvanceAsync(0.2);
        }

        Assert.Empty(await AbsencesAsync());
    }

    /// <summary>Audio that is a little ahead of the video when both stop: its gap needs to know which segment it is in.</summary>
    [Fact]
    public async Task Video_ThatStoppedToo_IsToldAsFarAsTheAudioThatWasAhead()
    {
        FragmentBroadcaster audio = _registry.GetOrCreate(new TrackKey(_point.Broadcast, "audio"), TrackKind.Audio, _point.Session, rendition: null, FragmentFactory.Audio);
        using FragmentSubscription heard = audio.Subscribe(new SubscriptionBound(double.MaxValue, int.MaxValue));
        ArrivalClock arrivals = _point.ArrivalsOf(audio);
        await AdvanceAsync(0.2);
        Send(0, 0.2);
        using Fragment sound = new(FragmentFactory.Audio, [new Sample(0, 0, 15360, true, 0, 4)], _fragments.Pool.Rent(4), _time.GetTimestamp());
        lock (_point.Timeline)
        {
            arrivals.Arrived(sound);
        }

        await AdvanceAsync(0.2 + Patience + 0.2);

        using Fragment absence = (await heard.ReadAsync(CancellationToken.None))!;
        Assert.Equal((0.32, 0.82), (Math.Round(absence.Start.Seconds, 3), Math.Round(absence.End.Seconds, 3)));
        Assert.Equal([(0.2, 0.7), (0.7, 0.82)], await AbsencesAsync());
        Assert.True(_point.Session.Grid.Decides(absence.End with { Ticks = absence.End.Ticks - 1 }, out _));
    }

    /// <summary>A network that stuttered once is given the time for a while.</summary>
    [Theory]
    [InlineData(1.5, true)]
    [InlineData(4.0, false)]
    public async Task Lateness_IsRememberedWhereItWasAHiccup(double late, bool isRemembered)
    {
        Send(0, 0.2);
        await AdvanceAsync(0.2 + late);
        Assert.NotEmpty(await AbsencesAsync());

        // All that was held up comes at once, then everything in time again.
        double sent = 0.2;
        for (; sent < 0.2 + late; sent += 0.2)
        {
            Send(sent, 0.2);
        }

        for (int number = 0; number < 50; number++, sent += 0.2)
        {
            await AdvanceAsync(0.2);
            Send(sent, 0.2);
        }

        Assert.Empty(await AbsencesAsync());
        await AdvanceAsync(0.2 + late);
        Assert.Equal(isRemembered, (await AbsencesAsync()).Count == 0);
    }

    /// <summary>What an encoder took while it started comes at once; from then on it is in time.</summary>
    [Fact]
    public async Task Lateness_AtTheBeginning_IsForgotten()
    {
        await AdvanceAsync(1.5);
        double sent = 0;
        for (; sent < 1.4; sent += 0.2)
        {
            Send(sent, 0.2);
        }

        for (int number = 0; number < 15; number++, sent += 0.2)
        {
            Send(sent, 0.2);
            await AdvanceAsync(0.2);
        }

        Assert.Empty(await AbsencesAsync());
        await AdvanceAsync(Patience + 0.2);
        Assert.NotEmpty(await AbsencesAsync());
    }

    [Fact]
    public async Task Watch_ThatWasItselfHeldUp_TellsNothingOfTheTime()
    {
        Send(0, 0.2);
        await AdvanceAsync(0.1);

        _time.Advance(TimeSpan.FromSeconds(3));
        await Eventually.TrueAsync(() => _time.Waiting == 1, "the watch waits");
        Assert.Empty(await AbsencesAsync());

        // What had been sent is read now.
        for (int sent = 1; sent < 16; sent++)
        {
            Send(sent * 0.2, 0.2);
        }

        await AdvanceAsync(0.5);
        Assert.Empty(await AbsencesAsync());
    }

    private static Publisher Enter(PublishingPoint point)
    {
        Publisher publisher = new("127.0.0.1", "fmp4-put");
        Assert.True(point.TryEnter(publisher, takesOver: false));
        return publisher;
    }

    private void Send(double start, double seconds, bool startsWithKeyframe = true, bool isDiscontinuity = false)
    {
        int ticks = (int)(seconds * 90000);
        Fragment fragment = new(
            FragmentFactory.Video,
            [new Sample((long)Math.Round(start * 90000), 0, ticks, startsWithKeyframe, 0, 4)],
            _fragments.Pool.Rent(4),
            _time.GetTimestamp())
        {
            IsDiscontinuity = isDiscontinuity,
        };
        lock (_point.Timeline)
        {
            _point.Session.Grid.Observe(fragment);
            _arrivals.Arrived(fragment);
        }

        fragment.Dispose();
    }

    /// <summary>In small steps, so that every wait of the watch ends in its time.</summary>
    private async Task AdvanceAsync(double seconds)
    {
        for (double left = seconds; left > 1e-9; left -= 0.05)
        {
            await Eventually.TrueAsync(() => _time.Waiting == 1, "the watch waits");
            double step = Math.Min(left, 0.05);
            _now += step;
            _time.Advance(TimeSpan.FromSeconds(step));
        }

        await Eventually.TrueAsync(() => _time.Waiting == 1, "the watch waits");
    }

    /// <summary>What was told since this was asked last, in seconds.</summary>
    private async Task<List<(double From, double Until)>> AbsencesAsync()
    {
        List<(double From, double Until)> told = [];
        while (_subscription.QueuedSeconds > 0)
        {
            using Fragment fragment = (await _subscription.ReadAsync(CancellationToken.None))!;
            Assert.True(fragment.IsAbsence);
            told.Add((Math.Round(fragment.Start.Seconds, 3), Math.Round(fragment.End.Seconds, 3)));
        }

        return told;
    }
}
