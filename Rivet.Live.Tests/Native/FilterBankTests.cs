using Rivet.Live.Core.Native;
using Xunit;

namespace Rivet.Live.Tests.Native;

public class FilterBankTests
{
    [Theory]
    [InlineData(1920, 1280)]
    [InlineData(1080, 720)]
    [InlineData(854, 426)]
    [InlineData(639, 213)]
    [InlineData(34, 17)]
    [InlineData(320, 640)]
    public void Weights_OfEveryPixel_AddUpToExactlyOneAndStayOnTheLine(int source, int target)
    {
        FilterBank bank = FilterBank.TryCreate(source, target, -0.125, 4)!;
        Assert.Equal(0, bank.Taps % 4);
        for (int i = 0; i < target; i++)
        {
            int sum = 0;
            double center = 0;
            for (int tap = 0; tap < bank.Taps; tap++)
            {
                int weight = bank.Weights[(i * bank.Taps) + tap];
                sum += weight;
                center += weight * (bank.First[i] + tap);
            }

            Assert.Equal(1 << FilterBank.Shift, sum);
            Assert.InRange(bank.First[i], 0, source - bank.Taps);

            // The weighted middle lies where the output pixel lies, but for the rounding of weights and the ends of the line.
            double expected = ((i + 0.5) * source / target) - 0.5 - 0.125;
            Assert.InRange((center / sum) - expected, -1, 1);
        }
    }

    [Fact]
    public void Weights_LineShorterThanTheWeights_AreRefused() => Assert.Null(FilterBank.TryCreate(6, 2, 0, 4));
}
