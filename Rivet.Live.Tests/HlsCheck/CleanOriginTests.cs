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

    /// <remarks>Segment 22 is a gap. What is missing in front of the first sample behind it belongs to the part: it lasts 0.2 s, its samples 0.19.</remarks>
    [Theory]
    [InlineData(23, true)]
    [InlineData(25, false)]
    public async Task Audio_ThatBeginsHalfASampleLate_IsAsLongAsItSaysBehindAGapOnly(int segment, bool isRight)
    {
        byte[] part = SyntheticBroadcast.Part("a", segment * SyntheticBroadcast.PartsPerSegment);
        byte[] late = TinyMp4.Fragment(((segment + (10 * (segment / 8))) * 48000L) + 480, 912, 10, 10, startsWithSync: true, allSync: true);
        CheckReport report = await CheckRun.OfAsync(new Faults
        {
            Answer = (path, _, answer) => path == $"/a/p{segment * SyntheticBroadcast.PartsPerSegment}.m4s" ? answer with { Body = late }
                : path == $"/a/s{segment}.m4s" ? answer with { Body = [.. late, .. answer.Body[part.Length..]] }
                : answer,
        });

        Assert.True(report[49].Standing == (isRight ? Standing.Holds : Standing.Broken), ReportText.Write(report, isVerbose: true));
    }

    [Fact]
    public async Task Origin_WatchedFromItsBeginning_IsAskedForMediaAndDeltasWhenItHasThem()
    {
        // For seven seconds nothing but gaps, as in front of a broadcast's first segment.
        CheckReport report = await CheckRun.OfAsync(new Faults
        {
            Playlist = static (_, parts, text) => parts < 136 ? text.Replace("#EXTINF", "#EXT-X-GAP\n#EXTINF", StringComparison.Ordinal) : text,
        });

        Assert.All((int[])[17, 23, 26], number => Assert.True(report[number].Standing == Standing.Holds, ReportText.Write(report, isVerbose: true)));
    }

    [Fact]
    public void RuleTable_Numbers_AreOneToTheLastWithoutAHole()
    {
        Assert.Equal(Enumerable.Range(1, RuleTable.All.Count), RuleTable.All.Select(static rule => rule.Number));
    }
}
