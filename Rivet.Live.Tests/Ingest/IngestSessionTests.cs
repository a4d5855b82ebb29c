using System.IO.Pipelines;
using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;
using Rivet.Live.Tests.Demuxing;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Ingest;

/// <summary>One connection after the other on one publishing point: where their media lands.</summary>
public sealed class IngestSessionTests
{
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(20);

    private readonly PayloadPool _pool = new();
    private readonly ManualTime _time = new();
    private readonly FragmentBroadcasterRegistry _registry = new(NullLogger<FragmentBroadcasterRegistry>.Instance, TimeProvider.System);
    private readonly PublishingPoint _point;
    private FragmentSubscription? _video;

    public IngestSessionTests() => _point = new PublishingPoint(
        new BroadcastSession(BroadcastId.Parse("live/demo"), new SegmentGrid(2), PartTarget.Fixed(0.5), DateTimeOffset.UnixEpoch), _time);

    [Fact]
    public async Task Body_ThatEndsBetweenFragments_IsFinishedAndItsMediaPublished()
    {
        Assert.Equal(IngestEndReason.Finished, await IngestAsync([.. SyntheticStream.Init(), .. SyntheticBody.Part(0, 2), .. SyntheticBody.Part(80, 2)]));

        Assert.Equal([(0L, false), (80L, false)], await PublishedAsync());
        Assert.Equal(0, _pool.LentPayloads);
    }

    [Fact]
    public async Task Body_ThatEndsInsideAFragment_IsBrokenAndWhatWasWholeIsPublished()
    {
        Assert.Equal(IngestEndReason.Broken, await IngestAsync([.. SyntheticStream.Init(), .. SyntheticBody.Part(0, 2), .. SyntheticBody.Part(80, 2)[..^1]]));

        Assert.Equal([(0L, false)], await PublishedAsync());
        Assert.Equal(0, _pool.LentPayloads);
    }

    [Fact]
    public async Task Body_OfNothing_IsFinishedWithoutATrack()
    {
        Assert.Equal(IngestEndReason.Finished, await IngestAsync([]));
        Assert.Empty(_registry.Tracks);
        Assert.False(_point.HasMedia);
    }

    [Fact]
    public async Task Body_ThatIsRefused_LeavesWhatWasWholeBeforeAndReturnsTheRest()
    {
        await Assert.ThrowsAsync<IngestRejectedException>(() =>
            IngestAsync([.. SyntheticStream.Init(), .. SyntheticBody.Part(0, 2), .. SyntheticStream.Box("moof", 0, 0, 0, 3)]));

        Assert.Equal([(0L, false)], await PublishedAsync());
        Assert.Equal(0, _pool.LentPayloads);
    }

    [Fact]
    public async Task Publisher_ThatIsSilent_IsIdleAfterTheLimit()
    {
        Pipe body = new();
        using Publisher publisher = new("test", "fmp4-put");
        Assert.True(_point.TryEnter(publisher, takesOver: false));
        using IngestSession ingest = new(_point, publisher, _registry, _pool, IngestLimits.Default, _time);
        Task<IngestEndReason> running = ingest.RunAsync(body.Reader, IdleLimit);
        await body.Writer.WriteAsync(SyntheticStream.Init());
        await Eventually.TrueAsync(() => _registry.Tracks.Count == 1, "the init was read");

        _time.Advance(IdleLimit);

        Assert.Equal(IngestEndReason.Idle, await running.WaitAsync(Eventually.Patience));
    }

    [Theory]
    [InlineData(nameof(IngestEndReason.Closed))]
    [InlineData(nameof(IngestEndReason.TakenOver))]
    public async Task Publisher_ThatIsToldToGo_GoesForThatReason(string why)
    {
        Pipe body = new();
        using Publisher publisher = new("test", "fmp4-put");
        using Publisher next = new("test", "fmp4-put");
        Assert.True(_point.TryEnter(publisher, takesOver: false));
        using IngestSession ingest = new(_point, publisher, _registry, _pool, IngestLimits.Default, _time);
        Task<IngestEndReason> running = ingest.RunAsync(body.Reader, IdleLimit);

        if (why == nameof(IngestEndReason.Closed))
        {
            _point.Close();
        }
        else
        {
            Assert.False(_point.TryEnter(next, takesOver: false));
            Assert.True(_point.TryEnter(next, takesOver: true));
        }

        Assert.Equal(why, (await running.WaitAsync(Eventually.Patience)).ToString());
    }

    [Fact]
    public async Task PublisherThatWasReplaced_PublishesNothingMore()
    {
        using Publisher old = new("test", "fmp4-put");
        Assert.True(_point.TryEnter(old, takesOver: false));
        using IngestSession ingest = new(_point, old, _registry, _pool, IngestLimits.Default, _time);
        old.Close(IngestEndReason.TakenOver);
        Pipe body = new();
        await body.Writer.WriteAsync((byte[])[.. SyntheticStream.Init(), .. SyntheticBody.Part(0, 2)]);
        await body.Writer.CompleteAsync();

        Assert.Equal(IngestEndReason.TakenOver, await ingest.RunAsync(body.Reader, IdleLimit));

        Assert.Empty(_registry.Tracks);
        Assert.Equal(0, _pool.LentPayloads);
    }

    [Fact]
    public async Task PublisherThatComesBack_ContinuesWhereTheWallClockSays()
    {
        await IngestAsync([.. SyntheticStream.Init(), .. SyntheticBody.Part(5000, 2)]);
        _time.Advance(TimeSpan.FromSeconds(7));
        await IngestAsync([.. SyntheticStream.Init(), .. SyntheticBody.Part(0, 2), .. SyntheticBody.Part(80, 2)]);

        // It ended at 5080 ms; seven seconds later came 80 ms of media, taken 80 ms before.
        Assert.Equal([(5000L, false), (12000L, true), (12080L, false)], await PublishedAsync());
        Assert.Equal(2, _point.Publishers);
    }

    [Fact]
    public async Task Init_ThatChangesWithinAConnection_BeginsADiscontinuity()
    {
        byte[] changed = InitSegmentWriter.Write(SyntheticStream.Describe(TrackKind.Video, SyntheticStream.SampleEntry(BoxType.Of("avc3"))));

        await IngestAsync([.. SyntheticStream.Init(), .. SyntheticBody.Part(0, 2), .. SyntheticStream.Init(), .. SyntheticBody.Part(80, 2), .. changed, .. SyntheticBody.Part(160, 2), .. SyntheticBody.Part(240, 2)]);

        Assert.Equal([(0L, false), (80L, false), (160L, true), (240L, false)], await PublishedAsync());
    }

    [Fact]
    public async Task Clock_ThatJumpsBack_IsPlacedAnewAndTheTimelineGoesOn()
    {
        await IngestAsync([.. SyntheticStream.Init(), .. SyntheticBody.Part(3_600_000, 2), .. SyntheticBody.Part(0, 2), .. SyntheticBody.Part(80, 2)]);

        (long Time, bool IsDiscontinuity)[] published = [.. await PublishedAsync()];
        Assert.Equal([false, true, false], published.Select(static fragment => fragment.IsDiscontinuity));
        Assert.Equal(3_600_080, published[1].Time);
        Assert.Equal(3_600_160, published[2].Time);
    }

    [Fact]
    public async Task Fragments_ThatOverlapALittle_LoseNothingAndGoOnForward()
    {
        // MediaRecorder's last sample may end 200 ms behind the next one's beginning.
        await IngestAsync([.. SyntheticStream.Init(), .. SyntheticBody.Part(0, 5), .. SyntheticBody.Part(130, 5), .. SyntheticBody.Part(331, 1), .. SyntheticBody.Part(331, 2)]);

        List<Fragment> published = await FragmentsAsync();
        Assert.DoesNotContain(published, static fragment => fragment.IsDiscontinuity);
        Assert.Equal(
            [0L, 40, 80, 120, 160, 200, 201, 210, 250, 290, 331, 371],
            published.SelectMany(static fragment => fragment.Samples).Select(static sample => sample.DecodeTime));
    }

    /// <summary>Sound that begins before the picture which says where a publisher that came back goes: no track gets anything twice for a time.</summary>
    [Fact]
    public void Sound_FromBeforeThePictureOfAPublisherThatCameBack_IsLeftOutWhereThereIsSoundAlready()
    {
        FragmentFactory fragments = new();
        List<Fragment> sound = [];
        using IDisposable observation = _registry.Observe(track => track.Relay(track.Kind == TrackKind.Audio ? sound.Add : static fragment => fragment.Dispose()), static _ => { });
        for (int publisher = 0; publisher < 2; publisher++)
        {
            PublishedStream stream = new Publication(_point, _registry, _time).Open("");
            stream.Open([new IngestTrack(1, FragmentFactory.Video), new IngestTrack(2, FragmentFactory.Audio)]);
            IngestEvent.Media[] media =
            [
                new(1, fragments.Of(FragmentFactory.Video, false, new Sample(180_000, 0, 90_000, true, 0, 4))),
                .. Enumerable.Range(0, 3).Select(second => new IngestEvent.Media(2, fragments.Of(FragmentFactory.Audio, false, new Sample(48_000 * second, 0, 48_000, true, 0, 4)))),
            ];
            stream.Publish(media, static _ => { });
            stream.Flush();
        }

        // The second one's picture of 2 s is at 3 s, and so its sound of 0 s at 1 s, where the first one's is.
        Assert.Equal([(0L, false), (48_000, false), (96_000, false), (144_000, true)], sound.Select(static fragment => (fragment.Start.Ticks, fragment.IsDiscontinuity)));
        sound.ForEach(static fragment => fragment.Dispose());
        fragments.AssertAllReturned();
    }

    /// <summary>Found by a damaged stream: the next jump of the picture went as far as the sound, and the hole before it was told segment by segment.</summary>
    [Fact]
    public void Sound_OnAnotherClockThanThePicture_IsLeftOut()
    {
        FragmentFactory fragments = new();
        List<Fragment> published = [];
        using IDisposable observation = _registry.Observe(track => track.Relay(published.Add), static _ => { });
        PublishedStream stream = new Publication(_point, _registry, _time).Open("");
        stream.Open([new IngestTrack(1, FragmentFactory.Video), new IngestTrack(2, FragmentFactory.Audio)]);

        stream.Publish([Video(0), new(2, fragments.Of(FragmentFactory.Audio, false, new Sample(4_000_000_000L * 48_000, 0, 48_000, true, 0, 4))), Video(1000), Video(0)], static _ => { });
        stream.Flush();

        Assert.Equal([0L, 90_000, 180_000], published.Select(static fragment => fragment.Start.Ticks));
        Assert.Equal([4_000_000_000, null], stream.Feeds.Select(static feed => feed.Traits.Read().SecondsApart).OrderDescending());
        published.ForEach(static fragment => fragment.Dispose());
        fragments.AssertAllReturned();

        IngestEvent.Media Video(long second) => new(1, fragments.Of(FragmentFactory.Video, false, new Sample(second * 90_000, 0, 90_000, true, 0, 4)));
    }

    [Fact]
    public void Picture_OnAnotherClockThanTheSoundBeforeIt_IsWhatViewersGet()
    {
        FragmentFactory fragments = new();
        List<Fragment> published = [];
        using IDisposable observation = _registry.Observe(track => track.Relay(published.Add), static _ => { });
        PublishedStream stream = new Publication(_point, _registry, _time).Open("");
        stream.Open([new IngestTrack(1, FragmentFactory.Video), new IngestTrack(2, FragmentFactory.Audio)]);

        foreach (IngestEvent.Media media in (IngestEvent.Media[])[Audio(0), Video(3600), Audio(1), Video(3601)])
        {
            stream.Publish([media], static _ => { });
        }

        stream.Flush();

        Assert.Equal(["audio 0", "video 1", "video 2"], published.Select(static fragment => $"{fragment.Track.Kind} {fragment.Start.Seconds}".ToLowerInvariant()));
        Assert.Equal([-3599, null], stream.Feeds.Select(static feed => feed.Traits.Read().SecondsApart).OrderDescending());
        published.ForEach(static fragment => fragment.Dispose());
        fragments.AssertAllReturned();

        IngestEvent.Media Video(long second) => new(1, fragments.Of(FragmentFactory.Video, false, new Sample(second * 90_000, 0, 90_000, true, 0, 4)));
        IngestEvent.Media Audio(long second) => new(2, fragments.Of(FragmentFactory.Audio, false, new Sample(second * 48_000, 0, 48_000, true, 0, 4)));
    }

    /// <summary>Whoever packages audio asks the grid, which knows of a segment only once its video was looked at.</summary>
    [Fact]
    public async Task AudioThatIsWrittenBeforeItsVideo_IsPublishedAfterIt()
    {
        string path = Path.Combine(Path.GetTempPath(), $"rivet-audio-first-{Guid.NewGuid():N}.mp4");
        FfmpegTool.Ffmpeg(
            ["-v", "error", .. "-f lavfi -i sine=sample_rate=48000 -f lavfi -i testsrc2=size=160x90:rate=25 -t 6 -map 0:a -map 1:v -c:a aac".Split(' '),
            .. "-c:v libx264 -preset ultrafast -g 50 -pix_fmt yuv420p -movflags +empty_moov+default_base_moof+frag_keyframe -frag_duration 400000".Split(' '), path]);
        byte[] stream = await File.ReadAllBytesAsync(path);
        File.Delete(path);
        List<(long Audio, long Video)> seen = [];
        WatchingTime watching = new(() => seen.Add((PublishedOf("audio"), PublishedOf("video"))));
        using Publisher publisher = new("test", "fmp4-put");
        Assert.True(_point.TryEnter(publisher, takesOver: false));
        using IngestSession ingest = new(_point, publisher, _registry, _pool, IngestLimits.Default, watching);

        Assert.Equal(IngestEndReason.Finished, await ingest.RunAsync(PipeReader.Create(new MemoryStream(stream)), IdleLimit));

        Assert.InRange(PublishedOf("video"), 15, 18);
        Assert.Equal(PublishedOf("video"), PublishedOf("audio"));
        Assert.All(seen, static counts => Assert.True(counts.Audio <= counts.Video, $"{counts.Audio} of audio when {counts.Video} of video were out"));
    }

    [Fact]
    public async Task PublishingPoint_ThatIsClosed_LetsNobodyInAndIsEmptyOnceAllHaveLeft()
    {
        using Publisher first = new("test", "fmp4-put");
        using Publisher second = new("test", "fmp4-put");
        Assert.True(_point.TryEnter(first, takesOver: false));
        Assert.True(_point.TryEnter(second, takesOver: true));
        _point.Close();
        Task empty = _point.WhenEmpty;

        Assert.Equal((IngestEndReason.TakenOver, IngestEndReason.Closed), (first.ClosedFor!.Value, second.ClosedFor!.Value));
        Assert.False(_point.TryEnter(first, takesOver: true));
        Assert.True(_point.Leave(second));
        Assert.False(empty.IsCompleted);
        Assert.False(_point.Leave(first));
        await empty.WaitAsync(Eventually.Patience);
        Assert.True(_point.WhenEmpty.IsCompleted);
    }

    [Fact]
    public void PublishingPoint_ThatAPublisherCameBackTo_IsNotClosedForItsAbsence()
    {
        using Publisher first = new("test", "fmp4-put");
        using Publisher second = new("test", "fmp4-put");
        Assert.True(_point.TryEnter(first, takesOver: false));
        Assert.True(_point.Leave(first));
        long before = _point.Publishers;
        Assert.True(_point.TryEnter(second, takesOver: false));

        Assert.False(_point.TryClose(before));
        Assert.Null(second.ClosedFor);
        Assert.True(_point.Leave(second));
        Assert.True(_point.TryClose(_point.Publishers));
        Assert.False(_point.TryEnter(first, takesOver: false));
    }

    private long PublishedOf(string track) => _registry.Find(new TrackKey(_point.Broadcast, track))?.Published ?? 0;

    private async Task<IngestEndReason> IngestAsync(byte[] bytes)
    {
        using IDisposable observation = _registry.Observe(
            track => _video ??= track.Subscribe(SubscriptionBound.Default), static _ => { });
        using Publisher publisher = new("test", "fmp4-put");
        Assert.True(_point.TryEnter(publisher, takesOver: false));
        using IngestSession ingest = new(_point, publisher, _registry, _pool, IngestLimits.Default, _time);
        try
        {
            Pipe body = new(new PipeOptions(pauseWriterThreshold: 0));
            await body.Writer.WriteAsync(bytes);
            await body.Writer.CompleteAsync();
            return await ingest.RunAsync(body.Reader, IdleLimit);
        }
        finally
        {
            _point.Leave(publisher);
        }
    }

    private async Task<List<(long Time, bool IsDiscontinuity)>> PublishedAsync() =>
        (await FragmentsAsync()).ConvertAll(static fragment => (fragment.Start.Ticks, fragment.IsDiscontinuity));

    /// <summary>All that was published, its bytes given back.</summary>
    private async Task<List<Fragment>> FragmentsAsync()
    {
        foreach (FragmentBroadcaster track in _registry.Tracks)
        {
            _registry.Remove(track);
        }

        List<Fragment> published = [];
        while (await _video!.ReadAsync(CancellationToken.None) is { } fragment)
        {
            using (fragment)
            {
                published.Add(fragment);
            }
        }

        return published;
    }

    /// <summary>The session asks for the time after each fragment that it published: a good moment to look.</summary>
    private sealed class WatchingTime(Action look) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow()
        {
            look();
            return DateTimeOffset.UnixEpoch;
        }
    }
}
