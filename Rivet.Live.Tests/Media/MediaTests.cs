using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Media;

/// <summary>Times, names and meters at their edges.</summary>
public sealed class MediaTests
{
    [Fact]
    public void Percentiles_OfASlidingWindow_AreThoseOfItsNewestValues()
    {
        Random random = new(7);
        SlidingPercentiles sliding = new(100);
        List<double> all = [];
        for (int count = 1; count <= 1000; count++)
        {
            double value = random.Next(40);
            sliding.Add(value);
            all.Add(value);
            double[] expected = [.. all.TakeLast(100).Order()];
            Assert.Equal(new Percentiles(expected[expected.Length / 2], expected[(int)(expected.Length * 0.95)], expected[(int)(expected.Length * 0.99)]), sliding.Read());
        }
    }

    [Fact]
    public void Percentiles_OverAMinute_AreThoseOfTheMinuteUpToTheNewestValue()
    {
        ManualTime time = new();
        SlidingPercentiles sliding = SlidingPercentiles.OverAMinute(time);
        for (int value = 0; value < 200; value++)
        {
            sliding.Add(value);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        // Of 139 to 199.
        Assert.Equal(new Percentiles(169, 196, 199), sliding.Read());
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(new Percentiles(169, 196, 199), sliding.Read());
        sliding.Add(7);
        Assert.Equal(new Percentiles(7, 7, 7), sliding.Read());
        long taken = 190;
        Assert.Equal([7.0], sliding.ReadNew(ref taken));
    }

    [Theory]
    [InlineData(1, 1, 90000, 90000)]
    [InlineData(1, 3, 1000, 333)]
    [InlineData(-1, 3, 1000, -334)]
    [InlineData(-3, 3, 1000, -1000)]
    [InlineData(long.MaxValue, 1_000_000_000, 1, 9223372036)]
    [InlineData(long.MinValue, 1_000_000_000, 1, -9223372037)]
    public void Time_OnAnotherScale_IsNeverLater(long ticks, int timescale, int other, long expected) =>
        Assert.Equal(expected, new MediaTime(ticks, timescale).FloorTo(other).Ticks);

    [Fact]
    public void Time_ThatDoesNotFitAnotherScale_Overflows() =>
        Assert.Throws<OverflowException>(() => new MediaTime(long.MaxValue, 1).FloorTo(2));

    [Theory]
    [InlineData(1, 3, 333333333, 1000000000, 1)]
    [InlineData(90000, 90000, 48000, 48000, 0)]
    [InlineData(long.MaxValue, int.MaxValue, long.MaxValue - 1, int.MaxValue, 1)]
    [InlineData(long.MinValue, 1, long.MaxValue, 1, -1)]
    public void Times_OnTwoScales_CompareExactly(long left, int leftScale, long right, int rightScale, int expected)
    {
        MediaTime one = new(left, leftScale);
        MediaTime two = new(right, rightScale);

        Assert.Equal(expected, Math.Sign(one.CompareTo(two)));
        Assert.Equal(expected < 0, one < two);
        Assert.Equal(expected > 0, one > two);
        Assert.Equal(expected <= 0, one <= two);
        Assert.Equal(expected >= 0, one >= two);
    }

    [Theory]
    [InlineData("live", true)]
    [InlineData("live/demo", true)]
    [InlineData("a/b/c/d", true)]
    [InlineData("1.a_b-c", true)]
    [InlineData("a/b/c/d/e", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("/live", false)]
    [InlineData("live/", false)]
    [InlineData("live//demo", false)]
    [InlineData("../etc", false)]
    [InlineData(".hidden", false)]
    [InlineData("live/-x", false)]
    [InlineData("live demo", false)]
    [InlineData("live\n", false)]
    [InlineData("Ünïcode", false)]
    public void Name_IsABroadcastOrNot(string? text, bool expected) => Assert.Equal(expected, BroadcastId.TryParse(text, out _));

    [Fact]
    public void Name_SegmentsOfSixtyFourLetters_AreTheLongest()
    {
        Assert.True(BroadcastId.TryParse(new string('a', 64), out _));
        Assert.False(BroadcastId.TryParse(new string('a', 65), out _));
        Assert.Throws<FormatException>(() => BroadcastId.Parse("a b"));
        Assert.Throws<InvalidOperationException>(() => default(BroadcastId).ToString());
    }

    [Fact]
    public void Description_OfTheSameStream_IsToldByTimescaleAndSampleEntryAlone()
    {
        TrackDescription video = FragmentFactory.Video;

        Assert.True(video.IsSameStreamAs(video with { Language = "deu", SampleEntry = video.SampleEntry.ToArray() }));
        Assert.False(video.IsSameStreamAs(video with { Timescale = 1 }));
        Assert.False(video.IsSameStreamAs(FragmentFactory.Changed(video)));
        Assert.False(video.IsSameStreamAs(video with { Kind = TrackKind.Other }));
    }

    [Fact]
    public void Percentiles_OfNothing_AreUnknown() => Assert.Null(new SlidingPercentiles().Read());

    [Fact]
    public void Percentiles_AreOfTheNewestThousandTwentyFour()
    {
        SlidingPercentiles values = new();
        for (int value = 0; value < 3000; value++)
        {
            values.Add(value);
        }

        Assert.Equal(new Percentiles(2488, 2948, 2989), values.Read());
    }

    [Fact]
    public void Bitrate_OfNothing_IsUnknown()
    {
        BitrateMeter meter = new();

        Assert.Equal((null, null), (meter.Average, meter.Latest));
        meter.Add(0, 1000);
        Assert.Equal((null, null), (meter.Average, meter.Latest));
    }

    [Fact]
    public void Bitrate_LatestForgetsWhatTheAverageKeeps()
    {
        BitrateMeter meter = new();
        for (int second = 0; second < 10; second++)
        {
            meter.Add(1, second < 5 ? 1000 : 2000);
        }

        Assert.Equal(12000, meter.Average);
        Assert.Equal(16000, meter.Latest);
    }

    [Fact]
    public void Bitrate_OfSamplesThatLastNoTime_KeepsNoMoreThanAWindowOfThem()
    {
        BitrateMeter meter = new();
        for (int sample = 0; sample < 100_000; sample++)
        {
            meter.Add(0, 1);
        }

        meter.Add(1, 1);
        Assert.InRange(meter.Latest!.Value, 8, 8 * 2000);
    }
}
