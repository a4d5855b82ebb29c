using System.IO.Pipelines;
using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Pipeline;
using Rivet.Live.Tests.Demuxing;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Pipeline;

/// <summary>Lives of broadcasts: who may enter, how they end, and what is left of them.</summary>
public sealed class LivePipelineTests : IAsyncLifetime, IDisposable
{
    private static readonly BroadcastId Demo = BroadcastId.Parse("live/demo");
    private static readonly LivePlan Plan = new() { Ladder = [], IngestLimits = IngestLimits.Default with { MaxBroadcasts = 2 } };

    private readonly ManualTime _time = new();
    private readonly LivePipeline _pipeline;
    private readonly List<Publisher> _publishers = [];

    public LivePipelineTests() => _pipeline = new LivePipeline(Plan, TestCodecs.Shared, _time, NullLoggerFactory.Instance);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _pipeline.DisposeAsync();
        Assert.DoesNotContain(_pipeline.Registry.Tracks, static track => track.Subscribers > 0);
        Assert.Equal((0L, 0L), (_pipeline.Payloads.LentPayloads, _pipeline.Payloads.LentBytes));
    }

    public void Dispose() => _publishers.ForEach(static publisher => publisher.Dispose());

    [Fact]
    public async Task Broadcast_WhoseBodyEnds_EndsWithAllOfItsMediaListed()
    {
        LiveBroadcast broadcast = await PublishAsync(SyntheticBody.Of((0, 50), (2000, 50), (4000, 10)));
        await broadcast.WhenEnded.WaitAsync(Eventually.Patience);

        PlaylistSnapshot playlist = broadcast.Presentation.Find("source")!.Current;
        Assert.True(playlist.IsEnded);
        Assert.Equal([2.0, 2.0, 0.4], playlist.Segments.Select(static segment => Math.Round(segment.DurationSeconds, 3)));
        Assert.Equal(BroadcastState.Ended, broadcast.State);
        Assert.Empty(_pipeline.Registry.Tracks);
    }

    [Fact]
    public async Task Broadcast_ThatEnded_IsForgottenWithItsMediaAfterTheTimesPlanned()
    {
        LiveBroadcast broadcast = await PublishAsync(SyntheticBody.Of((0, 50)));
        await broadcast.WhenEnded.WaitAsync(Eventually.Patience);
        await Eventually.TrueAsync(() => _time.Waiting == 1, "its end is waited for");
        Assert.True(_pipeline.Payloads.LentPayloads > 0);

        _time.Advance(Plan.KeepEnded);
        await Eventually.TrueAsync(() => broadcast.Presentation.IsWithdrawn && _time.Waiting == 1, "its playlists are withdrawn");
        Assert.True(_pipeline.Payloads.LentPayloads > 0);

        _time.Advance(broadcast.Presentation.Duration);
        await Eventually.TrueAsync(() => _pipeline.Payloads.LentPayloads == 0, "its media was given back");
        Assert.Null(_pipeline.FindSession(broadcast.Session.SessionId));
        Assert.Same(broadcast, _pipeline.Find(Demo));

        await Eventually.TrueAsync(() => _time.Waiting == 1, "its stats are kept for longer");
        _time.Advance(Plan.KeepStats - Plan.KeepEnded - TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(() => _pipeline.Find(Demo) is null, "its stats were forgotten");
    }

    [Fact]
    public async Task Broadcast_WhosePublisherBroke_EndsUnlessOneComesBackInTime()
    {
        LiveBroadcast broadcast = await PublishAsync(SyntheticBody.Of((0, 50))[..^1]);
        await broadcast.WhenEnded.WaitAsync(Eventually.Patience);

        broadcast = await PublishAsync([.. SyntheticBody.Of((0, 50)), .. SyntheticBody.Part(2000, 50)[..^1]]);
        Assert.Equal(BroadcastState.Interrupted, broadcast.State);

        _time.Advance(Plan.ReconnectWithin);

        await broadcast.WhenEnded.WaitAsync(Eventually.Patience);
        Assert.True(broadcast.Presentation.Find("source")!.Current.IsEnded);
    }

    [Fact]
    public async Task Publisher_ThatComesBackInTime_ContinuesTheSamePlaylistsBehindADiscontinuity()
    {
        byte[] broken = [.. SyntheticBody.Of((0, 50)), .. SyntheticBody.Part(2000, 50)[..^1]];
        LiveBroadcast broadcast = await PublishAsync(broken);
        _time.Advance(TimeSpan.FromSeconds(10));
        LiveBroadcast again = await PublishAsync(SyntheticBody.Of((0, 50)));
        await broadcast.WhenEnded.WaitAsync(Eventually.Patience);

        Assert.Same(broadcast, again);
        PlaylistSnapshot playlist = broadcast.Presentation.Find("source")!.Current;
        Assert.True(Assert.Single(playlist.Segments, static segment => segment.Head.IsDiscontinuity) == playlist.Segments[^1]);
        Assert.All(playlist.Segments[1..^1], static segment => Assert.True(segment.IsGap));
        Assert.Equal(8.0, playlist.Segments[1..^1].Sum(static segment => segment.DurationSeconds), 3);
        Assert.Equal(10.0, (playlist.Segments[^1].Head.WallClock - playlist.Segments[0].Head.WallClock).TotalSeconds);
    }

    [Fact]
    public async Task SecondPublisher_IsBesideTheFirstUnlessItTakesOver()
    {
        Publisher first = NewPublisher("a");
        Publisher second = NewPublisher("b");
        (LiveBroadcast? broadcast, _) = await _pipeline.EnterAsync(Demo, first, takesOver: false, CancellationToken.None);
        Pipe body = new();
        Task<(IngestEndReason Reason, IngestSession Ingest)> running = _pipeline.IngestAsync(broadcast!, first, body.Reader);

        // It may send the same: what it sends shows that, and until then nobody is replaced.
        Assert.Equal((broadcast, null), await _pipeline.EnterAsync(Demo, second, takesOver: false, CancellationToken.None));
        Assert.True(broadcast!.Point.IsBeside(second));
        Assert.Same(first, broadcast.Point.Publisher);
        Assert.False(broadcast.Point.Leave(second));
        Assert.Equal((broadcast, null), await _pipeline.EnterAsync(Demo, second, takesOver: true, CancellationToken.None));

        Assert.Equal(IngestEndReason.TakenOver, (await running.WaitAsync(Eventually.Patience)).Reason);
        Assert.Same(second, broadcast!.Point.Publisher);
        Assert.False(broadcast.IsEnding);
        broadcast.Point.Leave(second);
    }

    [Fact]
    public async Task Broadcasts_MoreThanAllowed_AreRefusedUntilOneEnds()
    {
        Publisher publisher = NewPublisher("a");
        LiveBroadcast[] two =
        [
            (await _pipeline.EnterAsync(BroadcastId.Parse("one"), publisher, takesOver: false, CancellationToken.None)).Broadcast!,
            (await _pipeline.EnterAsync(BroadcastId.Parse("two"), publisher, takesOver: false, CancellationToken.None)).Broadcast!,
        ];

        Assert.Equal((null, EnterRefusal.TooManyBroadcasts), await _pipeline.EnterAsync(Demo, publisher, takesOver: false, CancellationToken.None));
        two[0].Point.Leave(publisher);
        await _pipeline.EndAsync(two[0]).WaitAsync(Eventually.Patience);

        Assert.Null((await _pipeline.EnterAsync(Demo, publisher, takesOver: false, CancellationToken.None)).Refusal);
    }

    [Fact]
    public async Task PublisherOfABroadcastThatIsEnding_WaitsAndBeginsANewLife()
    {
        Publisher first = NewPublisher("a");
        Publisher second = NewPublisher("b");
        (LiveBroadcast? old, _) = await _pipeline.EnterAsync(Demo, first, takesOver: false, CancellationToken.None);
        Task ending = _pipeline.EndAsync(old!);
        Task<(LiveBroadcast? Broadcast, EnterRefusal? Refusal)> entering = _pipeline.EnterAsync(Demo, second, takesOver: true, CancellationToken.None);
        Assert.False(ending.IsCompleted);
        Assert.False(entering.IsCompleted);
        Publisher other = NewPublisher("c");
        Assert.NotNull((await _pipeline.EnterAsync(BroadcastId.Parse("other"), other, takesOver: false, CancellationToken.None).WaitAsync(Eventually.Patience)).Broadcast);

        old!.Point.Leave(first);

        (LiveBroadcast? fresh, EnterRefusal? refusal) = await entering.WaitAsync(Eventually.Patience);
        Assert.Null(refusal);
        Assert.NotEqual(old.Session.SessionId, fresh!.Session.SessionId);
        Assert.Same(fresh, _pipeline.Find(Demo));
    }

    /// <summary>Whatever the moment: nothing that the publisher opened stays behind, and the next life is whole.</summary>
    [Fact]
    public async Task Broadcast_EndedWhileItsPublisherSends_LeavesNoTrackBehind()
    {
        byte[] body = SyntheticBody.Of((0, 50), (2000, 50));
        for (int round = 0; round < 100; round++)
        {
            Publisher publisher = NewPublisher("a");
            (LiveBroadcast? broadcast, EnterRefusal? refusal) =
                await _pipeline.EnterAsync(Demo, publisher, takesOver: false, CancellationToken.None).WaitAsync(Eventually.Patience);
            Assert.Null(refusal);
            Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 0));
            Task ingest = IngestOnThePoolAsync(broadcast!, publisher, pipe.Reader);
            Task writer = Task.Run(async () =>
            {
                foreach (byte[] some in body.Chunk(100))
                {
                    await pipe.Writer.WriteAsync(some);
                }
            });
            for (int spin = 0; spin < round % 10; spin++)
            {
                await Task.Yield();
            }

            await _pipeline.EndAsync(broadcast!).WaitAsync(Eventually.Patience);
            await Task.WhenAll(ingest, writer).WaitAsync(Eventually.Patience);

            Assert.Empty(_pipeline.Registry.Tracks);
        }
    }

    [Fact]
    public async Task Pipeline_ThatStops_EndsEveryBroadcastAndLetsNobodyIn()
    {
        Publisher publisher = NewPublisher("a");
        (LiveBroadcast? broadcast, _) = await _pipeline.EnterAsync(Demo, publisher, takesOver: false, CancellationToken.None);
        Pipe body = new();
        Task<(IngestEndReason Reason, IngestSession Ingest)> running = _pipeline.IngestAsync(broadcast!, publisher, body.Reader);
        await body.Writer.WriteAsync(SyntheticBody.Of((0, 50), (2000, 30)));
        await Eventually.TrueAsync(() => broadcast!.Presentation.Find("source")?.Current.Last is not null, "it can be played");
        Task stopping = _pipeline.StopAsync(CancellationToken.None);

        Assert.Equal(IngestEndReason.Closed, (await running.WaitAsync(Eventually.Patience)).Reason);
        await broadcast!.WhenEnded.WaitAsync(Eventually.Patience);
        await stopping.WaitAsync(Eventually.Patience);

        Assert.False(_pipeline.IsAccepting);
        Assert.Equal(3.2, Math.Round(broadcast.Presentation.Find("source")!.Current.Segments.Sum(static segment => segment.DurationSeconds), 3));
        Assert.Equal((null, EnterRefusal.Draining), await _pipeline.EnterAsync(Demo, publisher, takesOver: false, CancellationToken.None));
    }

    [Fact]
    public async Task Body_ThatIsRefused_LeavesABroadcastWithoutMediaEnded()
    {
        Publisher publisher = NewPublisher("a");
        (LiveBroadcast? broadcast, _) = await _pipeline.EnterAsync(Demo, publisher, takesOver: false, CancellationToken.None);
        PipeReader rubbish = PipeReader.Create(new MemoryStream(SyntheticStream.Box("moof", 0, 0, 0, 9)));

        await Assert.ThrowsAsync<IngestRejectedException>(() => _pipeline.IngestAsync(broadcast!, publisher, rubbish));

        await broadcast!.WhenEnded.WaitAsync(Eventually.Patience);
    }

    private async Task IngestOnThePoolAsync(LiveBroadcast broadcast, Publisher publisher, PipeReader body)
    {
        await Task.Yield();
        await _pipeline.IngestAsync(broadcast, publisher, body);
    }

    private Publisher NewPublisher(string remote)
    {
        Publisher publisher = new(remote, "fmp4-put");
        _publishers.Add(publisher);
        return publisher;
    }

    private async Task<LiveBroadcast> PublishAsync(byte[] bytes)
    {
        Publisher publisher = NewPublisher("127.0.0.1");
        (LiveBroadcast? broadcast, EnterRefusal? refusal) = await _pipeline.EnterAsync(Demo, publisher, takesOver: false, CancellationToken.None);
        Assert.Null(refusal);
        await _pipeline.IngestAsync(broadcast!, publisher, PipeReader.Create(new MemoryStream(bytes)));
        return broadcast!;
    }
}
