using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;
using Xunit;

namespace Rivet.Live.Tests.Ladder;

/// <summary>A real ladder over small real H.264: which pictures come out of which rendition, and when.</summary>
public sealed class LadderTests
{
    private static readonly Rendition Large = new("large", 90, 200_000);
    private static readonly Rendition Small = new("small", 64, 100_000);

    [Theory]
    [InlineData(30, 1)]
    [InlineData(30000, 1001)]
    [InlineData(90000, 1800)]
    public async Task Ladder_OverAStream_CarriesEveryPictureOnceAtItsOwnTime(int timescale, int ticks)
    {
        (TrackDescription track, List<(byte[] Bytes, bool IsSync)> samples) = LadderSource.Encode(320, 180, 120, gop: 30);
        track = track with { Timescale = timescale };
        await using LadderSource source = new([Large, Small, new Rendition("above", 720, 1_000_000)]);

        source.PublishAll(track, samples, ticks, start: 1234);
        Dictionary<string, List<Sample>> renditions = await source.EndAsync();

        Assert.Equal(["large", "small"], renditions.Keys.Order());
        Assert.All(renditions.Values, rendition =>
        {
            Assert.Equal(Enumerable.Range(0, 120).Select(number => 1234L + (number * ticks)), rendition.Select(static sample => sample.PresentationTime));
            Assert.Equal(Enumerable.Range(0, 120).Where(static number => number % 30 == 0), Indexes(rendition, static sample => sample.IsSync));
            Assert.All(rendition, sample => Assert.Equal(ticks, sample.Duration));
        });
        Drain drain = source.DrainOf("small");
        Assert.Equal((120L, 120L, 0L, 0L, 4L), (drain.Progress.FramesDecoded, drain.Progress.FramesEncoded, drain.Progress.FramesDropped, drain.Panics, drain.Progress.ChunksEncoded));
        Assert.Equal(0, source.Pool.LentPayloads);
    }

    [Fact]
    public async Task Rendition_CappedInFrameRate_LastsAsLongAsItsSource()
    {
        (TrackDescription track, List<(byte[] Bytes, bool IsSync)> samples) = LadderSource.Encode(320, 180, 120, gop: 60);
        await using LadderSource source = new([Large with { MaxFrameRate = 30 }, Small]);

        source.PublishAll(track with { Timescale = 60 }, samples, ticks: 1);
        Dictionary<string, List<Sample>> renditions = await source.EndAsync();

        Assert.Equal(Enumerable.Range(0, 60).Select(static number => number * 2L), renditions["large"].Select(static sample => sample.PresentationTime));
        Assert.All(renditions["large"], static sample => Assert.Equal(2, sample.Duration));
        Assert.Equal(120, renditions["small"].Count);
    }

    [Theory]
    [InlineData(null, 1000, 30000, 1000)]
    [InlineData(30.0, 1001, 30000, 1001)]
    [InlineData(30.0, 600, 30000, 1200)]
    [InlineData(30.0, 500, 30000, 1000)]
    [InlineData(30.0, 501, 30000, 1002)]
    [InlineData(15.0, 500, 30000, 2000)]
    [InlineData(25.0, 1000, 30000, 1500)]
    public void FrameRateCap_OverAConstantRate_SaysTheDistanceOfWhatItKeeps(double? cap, int ticks, int timescale, int expected) =>
        Assert.Equal(expected, FrameRateCap.TicksBetween(cap, ticks, timescale));

    [Fact]
    public async Task Publisher_ThatComesBackWithAnotherTimescale_IsFollowedBehindADiscontinuity()
    {
        (TrackDescription track, List<(byte[] Bytes, bool IsSync)> samples) = LadderSource.Encode(320, 180, 60, gop: 30);
        await using LadderSource source = new([Large, Small]);

        source.PublishAll(track with { Timescale = 15360 }, samples, ticks: 512);
        source.PublishAll(track with { Timescale = 12800 }, samples, ticks: 512, start: 3 * 12800, isDiscontinuity: true);
        Dictionary<string, List<Sample>> renditions = await source.EndAsync();

        foreach ((string name, List<Sample> rendition) in renditions)
        {
            Assert.Equal(
                [.. Enumerable.Range(0, 60).Select(static number => number * 512L), .. Enumerable.Range(0, 60).Select(static number => (3 * 12800L) + (number * 512))],
                rendition.Select(static sample => sample.PresentationTime));
            Assert.Equal([60], Indexes(source.DiscontinuitiesOf(name), static isDiscontinuity => isDiscontinuity));
            Assert.True(rendition[60].IsSync);
            Assert.Equal(0, source.DrainOf(name).Panics);
        }
    }

    [Fact]
    public async Task DamagedSamples_CostTheirPicturesAndNoPanic()
    {
        (TrackDescription track, List<(byte[] Bytes, bool IsSync)> samples) = LadderSource.Encode(320, 180, 120, gop: 30);
        await using LadderSource source = new([Large, Small]);
        for (int number = 0; number < samples.Count; number++)
        {
            // Rubbish, nothing at all, and a keyframe that is rubbish.
            byte[] bytes = number switch
            {
                40 => [.. Enumerable.Repeat((byte)0xA5, 200)],
                41 => [],
                60 => [.. Enumerable.Repeat((byte)0xA5, 200)],
                _ => samples[number].Bytes,
            };
            source.Publish(track, bytes, samples[number].IsSync, number, 1);
        }

        Dictionary<string, List<Sample>> renditions = await source.EndAsync();

        Assert.All(renditions, rendition =>
        {
            Assert.Equal(0, source.DrainOf(rendition.Key).Panics);
            long[] times = [.. rendition.Value.Select(static sample => sample.PresentationTime)];
            Assert.Equal(times.Order().Distinct(), times);
            Assert.DoesNotContain(40L, times);
            Assert.DoesNotContain(41L, times);
            Assert.Equal(Enumerable.Range(90, 30).Select(static number => (long)number), times.Where(static time => time >= 90));

            // Two seconds in, a segment begins whose keyframe was lost: its first picture that exists is the way in.
            Assert.True(rendition.Value.First(static sample => sample.PresentationTime >= 60).IsSync);
        });
        Assert.Equal(0, source.Pool.LentPayloads);
    }

    [Fact]
    public async Task Encoder_ThatCannotBeOpened_GivesItsRenditionUpAndNoOther()
    {
        (TrackDescription track, List<(byte[] Bytes, bool IsSync)> samples) = LadderSource.Encode(320, 180, 200, gop: 5);

        // No H.264 encoder takes a bitrate of nothing.
        await using LadderSource source = new([Large, Small with { VideoBitrateBps = -1 }]);
        source.PublishAll(track, samples, ticks: 1);
        Dictionary<string, List<Sample>> renditions = await source.EndAsync();

        Drain failed = source.DrainOf("small");
        Assert.Equal(["large"], renditions.Keys);
        Assert.Equal(200, renditions["large"].Count);
        Assert.Equal(0, source.DrainOf("large").Panics);
        Assert.Equal((0L, 1L, RenditionState.Failed), (failed.Panics, failed.Progress.EncoderRestarts, failed.Progress.State));
        Assert.Equal((200L, 0L), (failed.FragmentsSeen, failed.Progress.FramesEncoded));
        Assert.Equal(200, failed.Progress.FramesDropped);
        Assert.Equal(0, source.Pool.LentPayloads);
    }

    [Fact]
    public async Task Source_ThatEndsWithoutMedia_LeavesNoFeedBehind()
    {
        await using LadderSource source = new([Large, Small]);
        Assert.Null(source.Video.Track);

        Assert.Empty(await source.EndAsync());

        Assert.Equal(RenditionState.Stopped, source.DrainOf("large").Progress.State);
    }

    [Fact]
    public async Task ThousandPictures_LeaveNoPayloadLent()
    {
        (TrackDescription track, List<(byte[] Bytes, bool IsSync)> samples) = LadderSource.Encode(160, 90, 100, gop: 25);
        await using LadderSource source = new([Large, Small]);
        for (int round = 0; round < 10; round++)
        {
            source.PublishAll(track, samples, ticks: 1, start: round * 100);
        }

        Dictionary<string, List<Sample>> renditions = await source.EndAsync();

        Assert.All(renditions.Values, static rendition => Assert.Equal(1000, rendition.Count));
        Assert.Equal((0L, 0L), (source.Pool.LentPayloads, source.Pool.LentBytes));
    }

    private static IEnumerable<int> Indexes<T>(IReadOnlyList<T> list, Func<T, bool> where) =>
        Enumerable.Range(0, list.Count).Where(index => where(list[index]));
}
