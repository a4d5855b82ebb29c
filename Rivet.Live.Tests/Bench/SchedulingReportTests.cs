using Rivet.Live.Bench.Scheduling;
using Xunit;

namespace Rivet.Live.Tests.Bench;

public sealed class SchedulingReportTests
{
    [Theory]
    [InlineData("n:1 mse_avg:9.51 mse_y:11.03 mse_u:6.55 mse_v:6.40 psnr_avg:38.35 psnr_y:37.70 psnr_u:39.97 psnr_v:40.07 ", 37.70)]
    [InlineData("n:2 mse_avg:0.00 psnr_avg:inf psnr_y:inf psnr_u:inf psnr_v:inf ", 100)]
    public void LineOfFfmpegs_SaysLuma(string line, double expected) => Assert.Equal(expected, PictureQuality.LumaIn(line));

    [Fact]
    public void Quality_LooksAtTheBeginningAndTheMiddleOfWholeChunksButTheFirst()
    {
        double[] luma = [.. Enumerable.Range(0, 70).Select(static number => (number / 20, number % 20) switch
        {
            (0 or 3, _) => 10.0,
            (1, < 6) => 30,
            (2, < 6) => 32,
            (_, >= 7 and < 13) => 40,
            _ => 20,
        })];

        PictureQuality quality = PictureQuality.Of(luma, gop: 20);

        Assert.Equal((31.0, 30.0, 32.0), (quality.Seams.Median, quality.Seams.Min, quality.Seams.Max));
        Assert.Equal(40, quality.Middles.Median);
    }

    [Fact]
    public void Report_ComparesRunByRun()
    {
        PictureQuality quality = PictureQuality.Of([.. Enumerable.Repeat(40.0, 120)], gop: 60);
        SchedulingReport report = new(
            [new OverheadSide("one", [100, 200]), new OverheadSide("leases", [99, 196]), new OverheadSide("contested", [90, 180])],
            new SeamQuality(quality, quality),
            [
                new ScalingRow(1, [new ScalingRun(6, 0.2, 0), new ScalingRun(5, 0.2, 0)]),
                new ScalingRow(2, [new ScalingRun(12, 0.4, 0), new ScalingRun(9.5, 0.4, 0)]),
            ]);

        Assert.Equal([true, false, true], report.Verdicts.Select(static verdict => verdict.IsMet));
        Assert.Equal("0.985 [0.980–0.990]", report.Verdicts[0].Measured);
        Assert.Equal("0.975 [0.950–1.000]", report.Verdicts[2].Measured);
    }
}
