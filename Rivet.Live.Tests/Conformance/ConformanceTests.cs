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
    /// <summary>Rules that every live broadcast with parts gives the checker something to look at.</summary>
    private static readonly int[] AlwaysObserved = [.. Enumerable.Range(1, 6), 7, 9, 10, 11, 15, 16, 18, 19, 20, 21, 25, 28, 31, 32, 34, 42, 44, 46, 47, 48, 49];

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
        Assert.DoesNotContain(report.Rules, static entry => entry.Findings.Checked == 0 && AlwaysObserved.Contains(entry.Rule.Number));
        Assert.True(broadcast.Course != Course.Ends || report[22].Standing == Standing.Holds, "The end was not seen.");
    }
}
