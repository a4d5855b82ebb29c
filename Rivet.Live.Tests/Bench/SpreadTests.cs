using Rivet.Live.Bench.Measuring;
using Xunit;

namespace Rivet.Live.Tests.Bench;

public sealed class SpreadTests
{
    [Theory]
    [InlineData(new double[] { 3, 1, 2 }, 2, 1, 3)]
    [InlineData(new double[] { 4, 1, 2, 3 }, 2.5, 1, 4)]
    [InlineData(new double[] { 7 }, 7, 7, 7)]
    public void Of_Values_GivesTheMiddleAndTheEnds(double[] values, double median, double min, double max)
    {
        Assert.Equal(new Spread(median, min, max), Spread.Of(values));
    }

    [Fact]
    public void Of_Nothing_Refuses()
    {
        Assert.Throws<ArgumentException>(static () => Spread.Of([]));
    }

    [Fact]
    public void OfRatios_ARunThatSlowedBothSides_ChangesNothing()
    {
        Spread ratios = Spread.OfRatios([20, 2, 24], [10, 1, 12]);

        Assert.Equal(new Spread(2, 2, 2), ratios);
    }

    [Fact]
    public void OfRatios_UnequalNumbers_Refuses()
    {
        Assert.Throws<ArgumentException>(static () => Spread.OfRatios([1, 2], [1]));
    }
}
