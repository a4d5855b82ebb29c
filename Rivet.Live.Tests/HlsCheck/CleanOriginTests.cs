using Rivet.Live.HlsCheck.Reporting;
using Rivet.Live.HlsCheck.Rules;
using Xunit;

namespace Rivet.Live.Tests.HlsCheck;

public sealed class CleanOriginTests
{
    [Fact]
    public async Task CorrectOrigin_Live_EveryRuleButThatOfTheEndHolds()
    {
        CheckReport report = await CheckRun.OfAsync(new Faults());

        Assert.True(report.Rules.All(static entry => entry.Findings.Standing == (entry.Rule.Number == 22 ? Standing.NotObserved : Standing.Holds)), ReportText.Write(report, isVerbose: true));
    }

    [Fact]
    public async Task CorrectOrigin_ThatEnds_NothingIsBroken()
    {
        CheckReport report = await CheckRun.OfAsync(new Faults { EndsAfter = 49 });

        Assert.True(report.IsClean && report[22].Standing == Standing.Holds, ReportText.Write(report, isVerbose: true));
    }

    [Fact]
    public void RuleTable_Numbers_AreOneToTheLastWithoutAHole()
    {
        Assert.Equal(Enumerable.Range(1, RuleTable.All.Count), RuleTable.All.Select(static rule => rule.Number));
    }
}
