using Rivet.Live.HlsCheck.Reporting;
using Rivet.Live.HlsCheck.Rules;
using Rivet.Live.Tests.Live;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Conformance;

/// <summary>Real broadcasts break no rule of docs/hls-check.md.</summary>
[Collection(LiveTests.Name)]
public sealed class ConformanceTests(ConformanceRuns runs, ITestOutputHelper output) : IClassFixture<ConformanceRuns>
{
    /// <summary>What not every broadcast gives to look at: segments leave only the short window, and only some broadcasts end.</summary>
    private static readonly int[] SeldomObserved = [12, 22];

    public static TheoryData<string, string> Broadcasts
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach ((string part, CheckedBroadcast[] broadcasts) in CheckedBroadcasts.ByPart)
            {
                foreach (CheckedBroadcast broadcast in broadcasts)
                {
                    data.Add(part, broadcast.Name);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Broadcasts))]
    public async Task Broadcast_Checked_BreaksNoRule(string part, string name)
    {
        CheckedBroadcast broadcast = CheckedBroadcasts.ByPart[part].Single(candidate => candidate.Name == name);
        ConformanceRun run = await runs.WithPartAsync(part);
        output.WriteLine(run.Log);
        CheckReport report = await run.Reports[name];

        Assert.True(report.IsClean, $"{name} with parts of {part} s:\n{ReportText.Write(report, isVerbose: false)}By hand:\n{ConformanceRuns.ByHand(part, broadcast)}");
        IEnumerable<int> unobserved = report.Rules.Where(static entry => entry.Findings.Standing == Standing.NotObserved).Select(static entry => entry.Rule.Number);
        Assert.Empty(unobserved.Except(SeldomObserved));
        Assert.True(broadcast.Course != Course.Ends || report[22].Standing == Standing.Holds, "The end was not seen.");
    }
}
