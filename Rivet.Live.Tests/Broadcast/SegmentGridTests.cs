using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Broadcast;

/// <summary>Where segments begin, for every kind of GOP.</summary>
public sealed class SegmentGridTests
{
    private const int Timescale = 90000;

    private readonly FragmentFactory _fragments = new();

    /// <summary>A rule of RFC 8216bis, so it must hold for whatever a publisher sends.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Grid_OverRandomGops_NeverPlansALongSegmentAndStaysInOrder(int bPictures)
    {
        for (int seed = 0; seed < 200; seed++)
        {
            double segmentSeconds = (1 + (seed % 6)) * 0.5;
            SegmentGrid grid = new(segmentSeconds);
            List<Sample> samples = RandomGops(new Random(seed), bPictures);
            Observe(grid, samples);
            SegmentStart[] starts = [.. grid.Between(-1, long.MaxValue)];

            Assert.True(starts.Length > 3, $"seed {seed}");
            long[] shown = [.. samples.Select(static sample => sample.PresentationTime).Order()];
            for (int index = 1; index < starts.Length; index++)
            {
                double seconds = starts[index].Start.Seconds - starts[index - 1].Start.Seconds;
                Assert.True(starts[index].MediaSequence == starts[index - 1].MediaSequence + 1, $"seed {seed}");
                Assert.True(seconds > 0, $"seed {seed}: segment {index} goes back");
                Assert.True(seconds <= grid.LongestSegmentSeconds, $"seed {seed}: segment {index - 1} is {seconds} s of at most {grid.LongestSegmentSeconds}");
                Assert.True(Math.Round(seconds) <= grid.TargetDurationSeconds, $"seed {seed}: {seconds} s does not round to the target duration");
                Assert.True(Array.BinarySearch(shown, starts[index].Start.Ticks) >= 0, $"seed {seed}: segment {index} begins at no picture");
            }
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(2.4)]
    public void Grid_WhoseGopsFit_BeginsEverySegmentAtAKeyframe(double gopSeconds)
    {
        SegmentGrid grid = new(2);
        List<Sample> samples = Gops(Enumerable.Repeat(gopSeconds, 30), framesPerSecond: 25);

        Observe(grid, samples);

        HashSet<long> keyframes = [.. samples.Where(static sample => sample.IsSync).Select(static sample => sample.PresentationTime)];
        Assert.All(grid.Between(-1, long.MaxValue), start => Assert.Contains(start.Start.Ticks, keyframes));
        Assert.True(grid.SourceFollowsGrid);
    }

    [Fact]
    public void Grid_OfTwoSecondGops_CutsAtEachOfThem()
    {
        SegmentGrid grid = new(2);

        Observe(grid, Gops(Enumerable.Repeat(2.0, 5), framesPerSecond: 30));

        Assert.Equal([0, 2, 4, 6, 8], grid.Between(-1, long.MaxValue).Select(static start => start.Start.Seconds));
    }

    [Fact]
    public void Grid_WhoseGopsAreTooLong_CutsWithoutThemAndSaysSo()
    {
        SegmentGrid grid = new(2);

        Observe(grid, Gops(Enumerable.Repeat(10.0, 3), framesPerSecond: 25));

        Assert.False(grid.SourceFollowsGrid);
        Assert.True(grid.Between(-1, long.MaxValue).Count >= 13);
    }

    [Fact]
    public void Grid_WhoseGopsBecomeShort_FollowsTheSourceAgain()
    {
        SegmentGrid grid = new(2);

        Observe(grid, Gops([10, 2, 2, 2, 2], framesPerSecond: 25));

        Assert.True(grid.SourceFollowsGrid);
    }

    [Fact]
    public void Grid_BeforeTheFirstKeyframe_HasNoSegment()
    {
        SegmentGrid grid = new(2);

        Observe(grid, [new Sample(0, 0, 3600, false, 0, 4), new Sample(3600, 0, 3600, false, 0, 4), new Sample(7200, 0, 3600, true, 0, 4)]);

        Assert.Null(grid.SegmentAt(new MediaTime(3600, Timescale)));
        Assert.Equal(new SegmentStart(0, new MediaTime(7200, Timescale)), grid.SegmentAt(new MediaTime(7200, Timescale)));
    }

    [Fact]
    public void Grid_WithPadding_NumbersItInFrontOfTheFirstKeyframe()
    {
        SegmentGrid grid = new(2, padding: 3);

        Observe(grid, Gops([2, 2], framesPerSecond: 25));

        Assert.Equal([(0L, -6.0), (1, -4), (2, -2), (3, 0), (4, 2)], grid.Between(-1, long.MaxValue).Select(static start => (start.MediaSequence, start.Start.Seconds)));
        Assert.Null(grid.SegmentAt(new MediaTime(-1, Timescale)));
        Assert.Equal(3, grid.SegmentAt(new MediaTime(0, Timescale))!.Value.MediaSequence);
    }

    [Fact]
    public void Grid_AtADiscontinuity_CutsAtItsKeyframeHoweverShortTheSegment()
    {
        SegmentGrid grid = new(2);
        Observe(grid, Gops([0.4], framesPerSecond: 25));
        using Fragment back = _fragments.Of(FragmentFactory.Video, isDiscontinuity: true, new Sample(36000, 0, 3600, true, 0, 4));

        grid.Observe(back);

        Assert.Equal([0, 36000], grid.Between(-1, long.MaxValue).Select(static start => start.Start.Ticks));
    }

    [Fact]
    public void Grid_AskedOnAnotherTimescale_KnowsTheSameSegment()
    {
        SegmentGrid grid = new(2);
        Observe(grid, Gops(Enumerable.Repeat(2.0, 3), framesPerSecond: 25));

        Assert.Equal(0, grid.SegmentAt(new MediaTime(95999, 48000))!.Value.MediaSequence);
        Assert.Equal(1, grid.SegmentAt(new MediaTime(96000, 48000))!.Value.MediaSequence);
    }

    [Fact]
    public void Grid_DrivenByAudio_CutsAtTheFrameNearestToTheSegmentsEnd()
    {
        SegmentGrid grid = new(2);
        using Fragment fragment = _fragments.Of(
            FragmentFactory.Audio, isDiscontinuity: false, [.. Enumerable.Range(0, 400).Select(static number => new Sample(number * 1024L, 0, 1024, true, 0, 4))]);

        grid.Observe(fragment);

        // 94 frames are 2.0053 s, 93 are 1.984 s; half a frame before the end is near enough.
        Assert.Equal([0, 94 * 1024L, 188 * 1024L, 282 * 1024L, 376 * 1024L], grid.Between(-1, long.MaxValue).Select(static start => start.Start.Ticks));
    }

    /// <summary>GOPs of 0.1 to 12 s at any usual rate, times jittered by a tenth of a picture, one rate per stream.</summary>
    private static List<Sample> RandomGops(Random random, int bPictures)
    {
        double[] rates = [10, 15, 23.976, 25, 29.97, 30, 50, 59.94, 60];
        double rate = rates[random.Next(rates.Length)];
        bool isJittery = random.Next(2) == 0;
        double longest = random.Next(3) == 0 ? 12 : 3;
        IEnumerable<double> gops = Enumerable.Range(0, 12).Select(_ => 0.1 + (random.NextDouble() * (longest - 0.1)));
        return Gops(gops, rate, isJittery ? random : null, bPictures);
    }

    private static List<Sample> Gops(IEnumerable<double> seconds, double framesPerSecond, Random? jitter = null, int bPictures = 0)
    {
        List<Sample> samples = [];
        double ticks = Timescale / framesPerSecond;
        int picture = 0;
        foreach (double gop in seconds)
        {
            int pictures = Math.Max(1, (int)Math.Round(gop * framesPerSecond));
            int[] shownAs = DecodeOrder(pictures, bPictures);
            for (int index = 0; index < pictures; index++)
            {
                long decode = TimeOf(picture + index);
                long shown = TimeOf(picture + shownAs[index] + bPictures);
                int duration = (int)(TimeOf(picture + index + 1) - decode);
                samples.Add(new Sample(decode, (int)(shown - decode), duration, index == 0, 0, 4));
            }

            picture += pictures;
        }

        return samples;

        // The same picture has the same time whenever it is asked for.
        long TimeOf(int number) =>
            (long)Math.Round(ticks * (number + (jitter is null ? 0 : 0.1 * Math.Sin(number * 12.9898))));
    }

    /// <summary>The order of display of the pictures of a closed GOP, as they are decoded: an anchor, then those shown before it.</summary>
    private static int[] DecodeOrder(int pictures, int bPictures)
    {
        List<int> order = [0];
        for (int next = 1; next < pictures; next += bPictures + 1)
        {
            int anchor = Math.Min(next + bPictures, pictures - 1);
            order.Add(anchor);
            order.AddRange(Enumerable.Range(next, anchor - next));
        }

        return [.. order];
    }

    private void Observe(SegmentGrid grid, List<Sample> samples)
    {
        foreach (Sample[] some in samples.Chunk(7))
        {
            using Fragment fragment = _fragments.Of(FragmentFactory.Video, isDiscontinuity: false, some);
            grid.Observe(fragment);
        }
    }
}
