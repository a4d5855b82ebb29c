using Rivet.Live.Bench.Ladder;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;
using Xunit;

namespace Rivet.Live.Tests.Bench;

public sealed class LadderReportTests
{
    [Fact]
    public void Verdicts_SeveralRivals_JudgeAgainstTheHardest()
    {
        LadderSide ours = Side("ours", isCascade: true, wallSeconds: 2, megabytes: 120);
        LadderReport report = new(
            ours,
            ours,
            [
                Side("slow split", isCascade: false, wallSeconds: 6, megabytes: 100),
                Side("split", isCascade: false, wallSeconds: 3, megabytes: 100),
                Side("cascade", isCascade: true, wallSeconds: 2.4, megabytes: 100),
            ],
            [new RenditionQuality("720p", new(0.95, 0.94), new(0.953, 0.94), new(0.94, 0.94))]);

        // 1.5 times the split that is fast, 1.2 times the cascade, 0.003 below the better luma, 1.2 times the memory.
        Assert.Equal([true, false, false, true], report.Verdicts.Select(static verdict => verdict.IsMet));
        Assert.Contains("missed  1.25 times every ffmpeg, cascade the hardest: 1.20", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_ToldToFfmpeg_AreThoseOurPlannerMakes()
    {
        TrackDescription source = new()
        {
            Kind = TrackKind.Video,
            Timescale = 90000,
            SampleEntryType = "avc1",
            Codec = "avc1.64001f",
            SampleEntry = ReadOnlyMemory<byte>.Empty,
            CodecConfiguration = ReadOnlyMemory<byte>.Empty,
            Width = 1920,
            Height = 1080,
        };

        Assert.Equal(LadderPlan.Sizes, LadderPlanner.Plan(source, LadderPlan.Renditions).Select(static rung => (rung.Width, rung.Height)));
    }

    private static LadderSide Side(string name, bool isCascade, double wallSeconds, double megabytes) =>
        new(name, isCascade, [new LadderFigures(Pictures: 300, wallSeconds, CpuSeconds: 1, megabytes, OthersCores: 0)]);
}
