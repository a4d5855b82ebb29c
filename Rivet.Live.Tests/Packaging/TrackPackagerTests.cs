using Microsoft.Extensions.Logging.Abstractions;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Packaging;

/// <summary>Parts and segments, whatever the fragments were.</summary>
public sealed class TrackPackagerTests : IDisposable
{
    private readonly FragmentFactory _fragments = new();
    private readonly RecordingSink _sink = new();
    private readonly FragmentBroadcasterRegistry _registry = new(NullLogger<FragmentBroadcasterRegistry>.Instance, TimeProvider.System);
    private BroadcastSession _session = FragmentFactory.Session();

    public static TheoryData<int, int, double, int> Cadences
    {
        get
        {
            // Ticks per picture on a timescale: 23.976, 25, 29.97, 30 (ffmpeg's and 90 kHz), 50, 59.94, 60 a second.
            (int Timescale, int Ticks)[] rates =
                [(24000, 1001), (12800, 512), (30000, 1001), (15360, 512), (90000, 3000), (12800, 256), (60000, 1001), (90000, 1500)];
            TheoryData<int, int, double, int> data = [];
            foreach ((int timescale, int ticks) in rates)
            {
                foreach (double target in new[] { 0.2, 0.5, 1.0 })
                {
                    foreach (int perFragment in new[] { 1, (int)(0.2 * timescale / ticks), 2 * timescale / ticks })
                    {
                        data.Add(timescale, ticks, target, perFragment);
                    }
                }
            }

            return data;
        }
    }

    public void Dispose() => _sink.Dispose();

    [Theory]
    [MemberData(nameof(Cadences))]
    public async Task VideoParts_FillTheirTargetAndNeverExceedIt(int timescale, int ticks, double target, int perFragment)
    {
        _session = FragmentFactory.Session(partSeconds: target);
        TrackDescription track = FragmentFactory.Video with { Timescale = timescale };
        int gop = 2 * timescale / ticks;
        Sample[] samples = [.. Enumerable.Range(0, gop * 5).Select(number => new Sample((long)number * ticks, 0, ticks, number % gop == 0, 0, 4))];

        await PackageAsync(track, samples.Chunk(perFragment));

        AssertWellPacked(samples, timescale, ticks, target);
        Assert.All(_sink.Segments, segment => Assert.True(_sink.PartsOf(segment).First().IsIndependent));
        Assert.Equal(5, _sink.Segments.Count);
    }

    [Theory]
    [InlineData(44100, 1024, 0.2, 1)]
    [InlineData(44100, 1024, 0.5, 8)]
    [InlineData(44100, 1024, 1.0, 86)]
    [InlineData(48000, 1024, 0.2, 1)]
    [InlineData(48000, 1024, 0.5, 9)]
    [InlineData(48000, 1024, 1.0, 94)]
    [InlineData(48000, 960, 0.2, 1)]
    [InlineData(48000, 960, 0.5, 10)]
    [InlineData(48000, 960, 1.0, 100)]
    public async Task AudioParts_FillTheirTargetAndNeverExceedIt(int rate, int ticks, double target, int perFragment)
    {
        _session = FragmentFactory.Session(partSeconds: target);
        Sample[] samples = [.. Enumerable.Range(0, 10 * rate / ticks).Select(number => new Sample((long)number * ticks, 0, ticks, true, 0, 4))];

        await PackageAsync(FragmentFactory.AudioAt(rate), samples.Chunk(perFragment));

        AssertWellPacked(samples, rate, ticks, target);
        Assert.All(_sink.Parts, static part => Assert.True(part.IsIndependent));
    }

    [Fact]
    public async Task Samples_WithAHoleThatAPartCanHold_BeginAPartThatHoldsIt()
    {
        Sample[] samples = [.. At([0, 3600, 7200, 45000, 48600])];

        await PackageAsync(FragmentFactory.Video, samples.Chunk(5));

        Assert.Equal([0, 45000], _sink.Parts.Select(RecordingSink.DecodeTimeOf));
        Assert.Equal([10800, 41400], _sink.Parts.Select(static part => part.DurationTicks));
    }

    [Fact]
    public async Task Samples_WithALongHole_AreFollowedByGapsThatAddUpToIt()
    {
        Sample[] samples = [.. At([0, 3600, 7200, 129600, 133200])];

        await PackageAsync(FragmentFactory.Video, samples.Chunk(5));

        Part[] gaps = [.. _sink.Parts.Where(static part => part.IsGap)];
        Assert.Equal([45000, 45000, 28800], gaps.Select(static part => part.DurationTicks));
        Assert.Equal(129600, _sink.Parts.SkipLast(1).Sum(static part => part.DurationTicks));
        Assert.Equal([0L, 1L, 1L, 1L, 1L], _sink.Parts.Select(static part => part.MediaSequence));
    }

    [Fact]
    public async Task Picture_ShownForLongerThanATarget_IsOnePictureAndThenAGap()
    {
        Sample[] samples = [.. At([0, 3600, 7200, 189000, 192600])];
        samples[2] = samples[2] with { Duration = 181800 };

        await PackageAsync(FragmentFactory.Video, samples.Chunk(5));

        Assert.All(_sink.Parts, static part => Assert.InRange(part.DurationTicks, 1, 45000));
        Assert.Equal(189000, _sink.Parts.SkipLast(1).Sum(static part => part.DurationTicks));
        Assert.Equal((3, 2), (_sink.Parts[0].SampleCount, _sink.Parts[^1].SampleCount));
        Assert.All(_sink.Parts.Skip(1).SkipLast(1), static part => Assert.True(part.IsGap));
    }

    [Fact]
    public async Task Absence_IsToldAtOncePartForPart_AndLateMediaIsLeftOutUntilTheNextKeyframe()
    {
        FragmentBroadcaster track = _registry.GetOrCreate(new TrackKey(_session.Broadcast, "video"), TrackKind.Video, _session);
        FragmentSubscription subscription = track.Subscribe(new SubscriptionBound(double.MaxValue, int.MaxValue));
        Publish(track, _fragments.Of(FragmentFactory.Video, isDiscontinuity: false, [.. At([0, 3600, 7200])]));
        for (int told = 0; told < 4; told++)
        {
            MediaTime until = new(10800 + ((told + 1) * 45000), 90000);
            _session.Grid.PassOver(until);
            track.Publish(Fragment.Absence(FragmentFactory.Video, new MediaTime(10800, 90000), until, noticedAt: 1));
        }

        // What was sent late, a picture after it, and a keyframe.
        Publish(track, _fragments.Of(FragmentFactory.Video, isDiscontinuity: false, [.. At([10800, 100800, 190800, 194400, 198000]).Select(
            static sample => sample with { IsSync = sample.DecodeTime == 198000 })]));
        _registry.Remove(track);
        await new TrackPackager(_session, _fragments.Pool, _sink, TimeProvider.System).RunAsync(subscription, CancellationToken.None);

        Assert.Equal(2, _sink.Late);
        Assert.Equal(198000, RecordingSink.DecodeTimeOf(_sink.Parts[^1]));
        Assert.True(_sink.Parts[^1].IsIndependent);
        Assert.Equal(198000, _sink.Parts.SkipLast(1).Sum(static part => part.DurationTicks));
        Assert.Equal([0L, 1L, 2L], _sink.Segments.Select(static segment => segment.MediaSequence));
        Assert.Equal(10800, _sink.Segments[1].Start.Ticks);
        Assert.DoesNotContain(_sink.PartsOf(_sink.Segments[0]), static part => part.IsGap);
        Assert.DoesNotContain(_sink.PartsOf(_sink.Segments[2]), static part => part.IsGap);
    }

    private void Publish(FragmentBroadcaster track, Fragment fragment)
    {
        _session.Grid.Observe(fragment);
        track.Publish(fragment);
    }

    [Fact]
    public async Task Samples_WithASmallHole_LastUntilTheNextOne()
    {
        await PackageAsync(FragmentFactory.Video, At([0, 3600, 10800]).Chunk(3));

        Assert.Equal(14400, Assert.Single(_sink.Parts).DurationTicks);
        AssertDurationsAreThoseOfTheBytes();
    }

    [Fact]
    public async Task Samples_WhoseDecodeTimesRunBackwards_BeginAPartThere()
    {
        await PackageAsync(FragmentFactory.Video, At([0, 3600, 7200, 1800, 5400]).Chunk(5));

        Assert.Equal([(0L, 10800L, 3), (1800L, 7200L, 2)], _sink.Parts.Select(static part => (RecordingSink.DecodeTimeOf(part), part.DurationTicks, part.SampleCount)));
        AssertDurationsAreThoseOfTheBytes();
    }

    [Fact]
    public async Task Samples_ThatOverlap_StayInOnePartThatLastsAsLongAsItsBytesSay()
    {
        await PackageAsync(FragmentFactory.Video, At([0, 3000, 6000]).Chunk(3));

        Assert.Equal(9600, Assert.Single(_sink.Parts).DurationTicks);
        AssertDurationsAreThoseOfTheBytes();
    }

    [Fact]
    public async Task Samples_BeforeTheFirstKeyframe_AreLeftOut()
    {
        Sample[] samples = [.. At([0, 3600, 7200]).Select(static sample => sample with { IsSync = sample.DecodeTime == 7200 })];

        await PackageAsync(FragmentFactory.Video, samples.Chunk(1));

        Assert.Equal(7200, RecordingSink.DecodeTimeOf(Assert.Single(_sink.Parts)));
    }

    [Fact]
    public async Task SourceWithBPictures_KeepsEachPictureInTheSegmentOfItsKeyframe()
    {
        // I P B B of one GOP a second, shown two pictures late; the grid cuts at presentation times.
        int[] shownAs = [0, 3, 1, 2];
        Sample[] samples = [.. Enumerable.Range(0, 200).Select(number =>
            new Sample(number * 3600L, (shownAs[number % 4] - (number % 4) + 2) * 3600, 3600, number % 48 == 0, 0, 4))];

        await PackageAsync(FragmentFactory.Video, samples.Chunk(3));

        Assert.True(_sink.Segments.Count >= 3);
        Assert.All(_sink.Segments, segment => Assert.True(_sink.PartsOf(segment).First().IsIndependent));
        Assert.Equal(200, _sink.Parts.Sum(static part => part.SampleCount));
        AssertDurationsAreThoseOfTheBytes();
    }

    [Fact]
    public async Task Rendition_ThatLostWholeChunks_HasGapSegmentsAsLongAsTheHole()
    {
        Sample[] source = [.. Enumerable.Range(0, 250).Select(static number => new Sample(number * 3600L, 0, 3600, number % 50 == 0, 0, 4))];
        using Fragment driver = _fragments.Of(FragmentFactory.Video, isDiscontinuity: false, [.. source]);
        _session.Grid.Observe(driver);

        await PackageAsync(FragmentFactory.Video, source.Where(static sample => sample.DecodeTime is < 2 * 90000 or >= 6 * 90000).Chunk(10), drivesGrid: false);

        Assert.Equal([0, 1, 2, 3, 4], _sink.Segments.Select(static segment => segment.MediaSequence));
        Assert.Equal([false, true, true, false, false], _sink.Segments.Select(segment => _sink.PartsOf(segment).All(static part => part.IsGap)));
        Assert.All(_sink.Segments, segment => Assert.Equal(2.0, _sink.PartsOf(segment).Sum(static part => part.DurationSeconds), 6));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(4), _sink.Segments[2].WallClock);
    }

    [Fact]
    public async Task Rendition_ThatCameLate_HasGapsFromTheBeginning()
    {
        Sample[] source = [.. Enumerable.Range(0, 150).Select(static number => new Sample(number * 3600L, 0, 3600, number % 50 == 0, 0, 4))];
        using Fragment driver = _fragments.Of(FragmentFactory.Video, isDiscontinuity: false, [.. source]);
        _session.Grid.Observe(driver);

        await PackageAsync(FragmentFactory.Video, source.Where(static sample => sample.DecodeTime >= 4 * 90000).Chunk(10), drivesGrid: false);

        Assert.Equal(2, Assert.Single(_sink.Segments).MediaSequence);
        Assert.Equal([(0L, 2.0), (1L, 2.0)], _sink.Lost.Select(static lost => (lost.Head.MediaSequence, lost.Seconds)));
    }

    [Fact]
    public async Task Init_ThatAloneChanges_BeginsASegmentThatNamesIt()
    {
        TrackDescription changed = FragmentFactory.Changed(FragmentFactory.Video);
        Sample[] first = [.. Enumerable.Range(0, 50).Select(static number => new Sample(number * 3600L, 0, 3600, number == 0, 0, 4))];
        Sample[] second = [.. Enumerable.Range(50, 50).Select(static number => new Sample(number * 3600L, 0, 3600, number == 50, 0, 4))];

        await PackageAsync(
            [_fragments.Of(FragmentFactory.Video, isDiscontinuity: false, first), _fragments.Of(changed, isDiscontinuity: false, second)]);

        Assert.Equal([(0, FragmentFactory.Video), (1, changed)], _sink.Inits);
        Assert.Equal([(0, false), (1, false)], _sink.Segments.Select(static segment => (segment.InitNumber, segment.IsDiscontinuity)));
    }

    [Fact]
    public async Task PublisherThatCameBack_BeginsASegmentBehindADiscontinuityWithTheSameInit()
    {
        Fragment before = _fragments.Of(FragmentFactory.Video, isDiscontinuity: false, [.. At([0, 3600])]);
        Fragment after = _fragments.Of(FragmentFactory.Video, isDiscontinuity: true, [.. At([90000, 93600])]);

        await PackageAsync([before, after]);

        Assert.Single(_sink.Inits);
        Assert.Equal([(0L, false), (1L, false), (2L, true)], _sink.Segments.Select(static segment => (segment.MediaSequence, segment.IsDiscontinuity)));
        Assert.Equal([(0L, false), (1L, true), (1L, true), (2L, false)], _sink.Parts.Select(static part => (part.MediaSequence, part.IsGap)));
        Assert.Equal(90000, _sink.Parts.SkipLast(1).Sum(static part => part.DurationTicks));
    }

    [Fact]
    public async Task Audio_AheadOfTheVideo_IsCutWhereTheVideosSegmentsBegin()
    {
        FragmentBroadcaster audio = _registry.GetOrCreate(new TrackKey(_session.Broadcast, "audio"), TrackKind.Audio, _session);
        Task packaging = PackageAsync(audio, CancellationToken.None);
        audio.Publish(_fragments.Of(FragmentFactory.Audio, isDiscontinuity: false, [.. Enumerable.Range(0, 112).Select(
            static frame => new Sample(frame * 1024L, 0, 1024, true, 0, 4))]));
        audio.Publish(Fragment.Absence(FragmentFactory.Audio, new MediaTime(112 * 1024, 48000), new MediaTime(6 * 48000, 48000), noticedAt: 1));
        Assert.Empty(_sink.Segments);

        // A keyframe every 1.6 s, which nobody could know before; the grid wants two seconds.
        foreach (Sample[] picture in Enumerable.Range(0, 160).Select(static number => new[] { new Sample(number * 3600L, 0, 3600, number % 40 == 0, 0, 4) }))
        {
            using Fragment fragment = _fragments.Of(FragmentFactory.Video, isDiscontinuity: false, picture);
            _session.Grid.Observe(fragment);
        }

        _session.Grid.End();
        _registry.Remove(audio);
        await packaging.WaitAsync(Eventually.Patience);

        Assert.Equal([0, 1.6, 3.2, 4.8], _sink.Segments.Select(static segment => Math.Round(segment.Start.Seconds, 1)));
        Assert.Equal([1.6, 1.6, 1.6], _sink.Segments.SkipLast(1).Select(segment => Math.Round(_sink.PartsOf(segment).Sum(static part => part.DurationSeconds), 1)));
    }

    [Fact]
    public async Task Part_SaysHowLongItsFramesAre_WithoutTheFirstThatAMuxerStretched()
    {
        Sample[] samples = [.. At([0, 5520, 9120, 12720])];
        samples[0] = samples[0] with { Duration = 5520 };

        await PackageAsync(FragmentFactory.Video, samples.Chunk(4));

        Assert.Equal(0.04, Assert.Single(_sink.Parts).FrameSeconds);
    }

    [Fact]
    public async Task Packager_WhoseTrackEnds_ClosesTheLastPartAndSaysSoOnce()
    {
        await PackageAsync(FragmentFactory.Video, At([0, 3600]).Chunk(1));

        Assert.Equal(2, Assert.Single(_sink.Parts).SampleCount);
        Assert.Equal(1, _sink.Ends);
        _sink.Dispose();
        _fragments.AssertAllReturned();
    }

    [Fact]
    public async Task Packager_ThatIsAborted_GivesBackWhatWasPending()
    {
        FragmentBroadcaster track = _registry.GetOrCreate(new TrackKey(_session.Broadcast, "video"), TrackKind.Video, _session);
        using CancellationTokenSource aborting = new();
        Task packaging = PackageAsync(track, aborting.Token);
        Fragment fragment = _fragments.Of(FragmentFactory.Video, isDiscontinuity: false, [.. At([0, 3600])]);
        _session.Grid.Observe(fragment);
        track.Publish(fragment);
        await Eventually.TrueAsync(() => _sink.Segments.Count == 1, "the segment began");

        await aborting.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => packaging);

        Assert.Equal((0, 1, 0), (_sink.Parts.Count, _sink.Ends, track.Subscribers));
        _fragments.AssertAllReturned();
    }

    private static IEnumerable<Sample> At(IEnumerable<long> decodeTimes) =>
        decodeTimes.Select(static (time, index) => new Sample(time, 0, 3600, index == 0 || time == 90000, 0, 4));

    private Task PackageAsync(TrackDescription track, IEnumerable<Sample[]> fragments, bool drivesGrid = true) =>
        PackageAsync(fragments.Select(samples => _fragments.Of(track, isDiscontinuity: false, [.. samples])), drivesGrid);

    private async Task PackageAsync(IEnumerable<Fragment> fragments, bool drivesGrid = true)
    {
        FragmentBroadcaster track = _registry.GetOrCreate(new TrackKey(_session.Broadcast, "video"), TrackKind.Video, _session);
        FragmentSubscription subscription = track.Subscribe(new SubscriptionBound(double.MaxValue, int.MaxValue));
        foreach (Fragment fragment in fragments)
        {
            if (drivesGrid)
            {
                _session.Grid.Observe(fragment);
            }

            track.Publish(fragment);
        }

        _registry.Remove(track);
        await new TrackPackager(_session, _fragments.Pool, _sink, TimeProvider.System).RunAsync(subscription, CancellationToken.None);
    }

    private Task PackageAsync(FragmentBroadcaster track, CancellationToken aborting) =>
        new TrackPackager(_session, _fragments.Pool, _sink, TimeProvider.System).RunAsync(track.Subscribe(SubscriptionBound.Default), aborting);

    private void AssertWellPacked(Sample[] samples, int timescale, int ticks, double target)
    {
        // Where 85 % of the target are not a whole number of samples, as many as fit must do.
        int fit = (int)Math.Floor((target * timescale / ticks) + 1e-9);
        double least = Math.Min(0.85 * target, (double)fit * ticks / timescale) - 1e-9;
        Assert.Equal(samples.Length, _sink.Parts.Sum(static part => part.SampleCount));
        foreach (SegmentHead segment in _sink.Segments)
        {
            Part[] parts = [.. _sink.PartsOf(segment)];
            Assert.All(parts, part => Assert.True(part.DurationSeconds <= target, $"{part.DurationSeconds} s of {target}"));
            Assert.All(parts[..^1], part => Assert.True(part.DurationSeconds >= least, $"{part.DurationSeconds} s of {target}"));
            Assert.Equal(Enumerable.Range(0, parts.Length), parts.Select(static part => part.Index));
        }

        // Every part begins where the one before ends, across segments too.
        for (int index = 1; index < _sink.Parts.Count; index++)
        {
            Part before = _sink.Parts[index - 1];
            Assert.Equal(RecordingSink.DecodeTimeOf(before) + before.DurationTicks, RecordingSink.DecodeTimeOf(_sink.Parts[index]));
        }

        Assert.Equal(Enumerable.Range(0, _sink.Parts.Count).Select(static number => (long)number), _sink.Parts.Select(static part => part.Number));
        AssertDurationsAreThoseOfTheBytes();
    }

    private void AssertDurationsAreThoseOfTheBytes() =>
        Assert.All(_sink.Parts, static part => Assert.Equal(RecordingSink.TicksOf(part), part.DurationTicks));
}
