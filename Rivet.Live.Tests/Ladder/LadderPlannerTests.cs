using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;
using Xunit;

namespace Rivet.Live.Tests.Ladder;

/// <summary>From which copy each rung is scaled.</summary>
public sealed class LadderPlannerTests
{
    [Theory]
    [InlineData(new[] { VideoCodec.H264, VideoCodec.H264, VideoCodec.H264 }, new[] { -1, 0, 1 })]
    [InlineData(new[] { VideoCodec.Hevc, VideoCodec.Hevc, VideoCodec.Av1 }, new[] { -1, 0, 1 })]
    [InlineData(new[] { VideoCodec.Hevc, VideoCodec.H264, VideoCodec.H264 }, new[] { -1, 0, 1 })]
    [InlineData(new[] { VideoCodec.H264, VideoCodec.Hevc, VideoCodec.H264 }, new[] { -1, -1, 1 })]
    [InlineData(new[] { VideoCodec.Hevc, VideoCodec.H264, VideoCodec.Av1 }, new[] { -1, 0, 0 })]
    internal void Rungs_OfAnyCodecs_AreScaledFromTheNearestThatHasTheirDepth(VideoCodec[] codecs, int[] above)
    {
        TrackDescription source = new()
        {
            Kind = TrackKind.Video,
            Timescale = 30,
            SampleEntryType = "avc1",
            Codec = "avc1.64001f",
            SampleEntry = default,
            CodecConfiguration = default,
            Width = 1280,
            Height = 720,
        };
        IReadOnlyList<Rung> rungs = LadderPlanner.Plan(
            source, [.. codecs.Select(static (codec, index) => new Rendition($"r{index}", 720 - (100 * index), 1_000_000, Codec: codec))]);

        Assert.Equal(above, rungs.Select(static rung => rung.Above));
    }
}
