using System.Globalization;
using Rivet.Live.HlsCheck.Reporting;
using Rivet.Live.HlsCheck.Rules;
using Xunit;

namespace Rivet.Live.Tests.HlsCheck;

public sealed class FaultTests
{
    public static TheoryData<string> Names => [.. FaultTable.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Origin_WithAFault_IsCaughtByTheRule(string fault)
    {
        CheckReport report = await CheckRun.OfAsync(FaultTable.All[fault]);

        Standing standing = report[RuleOf(fault)].Standing;
        Assert.True(standing is Standing.Broken or Standing.Advised, ReportText.Write(report, isVerbose: true));
    }

    [Fact]
    public void FaultTable_Rules_AreAllOfThem()
    {
        Assert.Equal(RuleTable.All.Select(static rule => rule.Number), FaultTable.All.Keys.Select(RuleOf).Distinct().Order());
    }

    private static int RuleOf(string fault) => int.Parse(fault.Split(' ')[0], CultureInfo.InvariantCulture);
}
