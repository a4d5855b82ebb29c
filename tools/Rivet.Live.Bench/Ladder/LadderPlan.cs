using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Ladder;

namespace Rivet.Live.Bench.Ladder;

/// <summary>The work that both sides do: one 1080p30 source, three renditions.</summary>
internal static class LadderPlan
{
    public const int Gop = 60;
    public const int SourceBitsPerSecond = 8_000_000;
    /// <summary>Both sides spend the whole bit rate, so that neither is faster for having less to write.</summary>
    public static EncoderTuning Tuning { get; } = new() { Target = null };

    public static string Preset { get; } = Tuning.PresetOf(VideoCodec.H264);

    public static IReadOnlyList<Rendition> Renditions { get; } =
        [new("720p", 720, 2_500_000), new("480p", 480, 1_200_000), new("240p", 240, 400_000)];

    /// <summary>What our planner makes of 1920x1080; the ffmpeg side is told the same.</summary>
    public static IReadOnlyList<(int Width, int Height)> Sizes { get; } = [(1280, 720), (854, 480), (426, 240)];
}
