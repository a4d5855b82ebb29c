using System.IO.Pipelines;
using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Demuxing;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Ingest;

/// <summary>What becomes of a publisher that comes while another one is there.</summary>
public sealed class SecondPublisherTests : IDisposable
{
    private const int Samples = 100;

    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly PayloadPool _pool = new();
    private readonly ManualTime _time = new();
    private readonly FragmentBroadcasterRegistry _registry = new(NullLogger<FragmentBroadcasterRegistry>.Instance, TimeProvider.System);
    private readonly PublishingPoint _point;
    private readonly Publisher _first = new("127.0.0.1", "fmp4-post");
    private readonly Publisher _second = new("127.0.0.1", "fmp4-post");

    public SecondPublisherTests() => _point = new PublishingPoint(
        new BroadcastSession(BroadcastId.Parse("live/demo"), new SegmentGrid(2), PartTarget.Fixed(0.5), DateTimeOffset.UnixEpoch), _time);

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    /// <summary>Two muxers behind one encoder: what counts is samples and their times, and not how they lie in fragments.</summary>
    [Theory]
    [InlineData(3, 7)]
    [InlineData(7, 3)]
    [InlineData(5, 5)]
    [InlineData(1, 25)]
    public async Task Pair_WhoseMuxersCutDifferently_LosesNoSampleAndDoublesNoneWhicheverGoes(int perPart, int perPartOfSecond)
    {
        for (int breaksAt = 10; breaksAt < Samples; breaksAt += 17)
        {
            using SecondPublisherTests other = new();
            List<long> published = await other.PublishPairAsync(SyntheticBody.Cut(Samples, perPart), SyntheticBody.Cut(Samples, perPartOfSecond), breaksAt);

            Assert.Equal(Enumerable.Range(0, Samples).Select(static number => number * 40L), published);
            Assert.Equal((0L, 0L), (other._pool.LentPayloads, other._pool.LentBytes));
        }
    }

    /// <summary>What came of it is being taken in, and nothing more is read meanwhile: that it says nothing is no fault of its own.</summary>
    [Fact]
    public async Task Publisher_ThatIsHeldBack_IsNotReplacedAsIfItWereSilent()
    {
        Assert.True(_point.TryEnter(_first, takesOver: false));
        _first.Await(_time.GetTimestamp());
        _first.Hold();
        Assert.True(_point.TryEnterBeside(_second));
        Task<PublishedStream?> judging = JudgeAsync(samples: 5);

        await PassAsync(TimeSpan.FromSeconds(10), judging);
        Assert.False(judging.IsCompleted);
        Assert.Null(_first.ClosedFor);

        _first.LetGo(_time.GetTimestamp());
        await PassAsync(TimeSpan.FromSeconds(1.9), judging);
        Assert.False(judging.IsCompleted);
        await PassAsync(TimeSpan.FromSeconds(0.3), judging);

        Assert.NotNull(await judging.WaitAsync(Eventually.Patience));
        Assert.Equal(IngestEndReason.TakenOver, _first.ClosedFor);
    }

    /// <summary>A pair that sends a GOP at once: the first fragment of one may come before the other's, which has been silent for as long by then.</summary>
    [Fact]
    public async Task Publisher_WhoseFirstLongFragmentIsDue_IsNotReplacedByItsTwin()
    {
        Assert.True(_point.TryEnter(_first, takesOver: false));
        _first.Await(_time.GetTimestamp());
        Assert.True(_point.TryEnterBeside(_second));
        _time.Advance(TimeSpan.FromSeconds(4));

        Task<PublishedStream?> judging = JudgeAsync(samples: 100);
        await PassAsync(TimeSpan.FromSeconds(1), judging);
        Assert.False(judging.IsCompleted);
        Assert.Null(_first.ClosedFor);

        await PassAsync(TimeSpan.FromSeconds(4), judging);
        Assert.NotNull(await judging.WaitAsync(Eventually.Patience));
    }

    /// <summary>Both send all of it, but the first breaks off inside the part that has the sample.</summary>
    private async Task<List<long>> PublishPairAsync(IReadOnlyList<byte[]> first, IReadOnlyList<byte[]> second, int breaksAt)
    {
        FragmentSubscription? video = null;
        using IDisposable observation = _registry.Observe(track => video ??= track.Subscribe(SubscriptionBound.Default), static _ => { });
        Assert.True(_point.TryEnter(_first, takesOver: false));
        Assert.True(_point.TryEnterBeside(_second));
        using IngestSession oneSession = new(_point, _first, _registry, _pool, IngestLimits.Default, _time);
        using IngestSession twoSession = new(_second, new SecondPublisher(_point, _second, _registry, IngestLimits.Default, _time), _pool, IngestLimits.Default, _time);
        Pipe onePipe = new(new PipeOptions(pauseWriterThreshold: 0, readerScheduler: PipeScheduler.Inline));
        Pipe twoPipe = new(new PipeOptions(pauseWriterThreshold: 0, readerScheduler: PipeScheduler.Inline));
        Task<IngestEndReason> oneRuns = oneSession.RunAsync(onePipe.Reader, IdleLimit);
        Task<IngestEndReason> twoRuns = twoSession.RunAsync(twoPipe.Reader, IdleLimit);

        await onePipe.Writer.WriteAsync(SyntheticStream.Init());
        await onePipe.Writer.WriteAsync(first[0]);
        await Eventually.TrueAsync(() => _point.Meters is [{ Fragments: > 0 }], "the first one is known by what it sent");
        await twoPipe.Writer.WriteAsync((byte[])[.. SyntheticStream.Init(), .. second[0]]);
        await Eventually.TrueAsync(() => _point.PublishersNow.Count == 2, "both publish");
        int breaks = breaksAt * first.Count / Samples;
        for (int part = 1; part < Math.Max(first.Count, second.Count); part++)
        {
            if (part < second.Count)
            {
                await twoPipe.Writer.WriteAsync(second[part]);
            }

            if (part == breaks)
            {
                await onePipe.Writer.WriteAsync(first[part].AsMemory(0, first[part].Length / 2));
                await onePipe.Writer.CompleteAsync(new IOException("gone"));
            }
            else if (part < Math.Min(breaks, first.Count))
            {
                await onePipe.Writer.WriteAsync(first[part]);
            }
        }

        await onePipe.Writer.CompleteAsync();
        await twoPipe.Writer.CompleteAsync();
        await Task.WhenAll(oneRuns, twoRuns).WaitAsync(Eventually.Patience);
        return await PublishedAsync(video!);
    }

    private Task<PublishedStream?> JudgeAsync(int samples)
    {
        FragmentFactory fragments = new();
        Fragment fragment = fragments.Of(
            SyntheticStream.Video, isDiscontinuity: false, [.. Enumerable.Range(0, samples).Select(static number => new Sample(number * 40, 0, 40, number == 0, 0, 4))]);
        return new SecondPublisher(_point, _second, _registry, IngestLimits.Default, _time).JudgeAsync(
            [new IngestTrack(1, SyntheticStream.Video)], new IngestEvent.Media(1, fragment), CancellationToken.None);
    }

    private async Task PassAsync(TimeSpan time, Task judging)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += Poll)
        {
            await Eventually.TrueAsync(() => _time.Waiting == 1 || judging.IsCompleted, "it looks again later");
            _time.Advance(Poll);
        }
    }

    private async Task<List<long>> PublishedAsync(FragmentSubscription video)
    {
        foreach (FragmentBroadcaster track in _registry.Tracks)
        {
            _registry.Remove(track);
        }

        List<long> times = [];
        while (await video.ReadAsync(CancellationToken.None) is { } fragment)
        {
            using (fragment)
            {
                Assert.False(fragment.IsDiscontinuity);
                times.AddRange(fragment.Samples.Select(static sample => sample.DecodeTime));
            }
        }

        return times;
    }
}
