using Rivet.Live.Bench.Measuring;
using Xunit;

namespace Rivet.Live.Tests.Bench;

public sealed class ProcessFiguresTests
{
    [Theory]
    [InlineData("17 (ffmpeg) S 1 17 17 0 -1 4194304 5000 0 0 0 150 25 0 0 20 0 9 0 100 1 1")]
    [InlineData("17 (a (b) S 9 9) S 1 17 17 0 -1 4194304 5000 0 0 0 150 25 0 0 20 0 9 0 100 1 1")]
    public void CpuSecondsIn_AnyProgramName_FindsUserAndSystemTime(string stat)
    {
        Assert.Equal(1.75, ProcessFigures.CpuSecondsIn(stat));
    }

    [Fact]
    public void Figures_OfThisProcess_ArePlausible()
    {
        double resident = ProcessFigures.ResidentMegabytes(Environment.ProcessId);

        Assert.InRange(resident, 1, 100_000);
        Assert.InRange(ProcessFigures.PeakMegabytes(Environment.ProcessId), 1, 100_000);
        Assert.InRange(ProcessFigures.CpuSeconds(Environment.ProcessId), 0.01, 100_000);
    }
}
