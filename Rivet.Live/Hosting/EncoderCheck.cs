using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Pipeline;

namespace Rivet.Live.Hosting;

/// <summary>Whether this machine has the encoders that the ladder wants, found out by opening them.</summary>
internal static class EncoderCheck
{
    private const int Width = 320;
    private const int Height = 180;

    /// <exception cref="StartRefusedException">One of the ladder's codecs cannot be encoded, or not with the options given.</exception>
    public static void Require(LivePlan plan, Codecs codecs)
    {
        foreach (VideoCodec codec in plan.Ladder.Select(static rendition => rendition.Codec).Distinct())
        {
            if (WhyNot(plan, codecs, codec) is { } why)
            {
                string name = VideoEncoderSettings.EncoderNameOf(codec);
                IEnumerable<string> affected = plan.Ladder.Where(rendition => rendition.Codec == codec).Select(static rendition => rendition.Name);
                string cure = plan.Tuning.Options.Any(option => option.Encoder == name)
                    ? $"Correct Encoding:Options for {name}"
                    : "Install libavcodec-extra";
                throw new StartRefusedException(
                    ExitCode.Misconfigured,
                    $"{string.Join(", ", affected)} cannot be encoded here ({why}). {cure}, or choose another Encoding:Codec; `doctor` lists what works.");
            }
        }
    }

    /// <summary>Why a codec cannot be encoded as the plan wants it; null where it can.</summary>
    public static string? WhyNot(LivePlan plan, Codecs codecs, VideoCodec codec)
    {
        VideoEncoderSettings settings = new()
        {
            Codec = codec,
            Width = Width,
            Height = Height,
            Timescale = 30,
            FrameRate = (30, 1),
            BitrateBps = 400_000,
        };
        try
        {
            codecs.OpenEncoder(plan.Tuning.Apply(settings), new(), "check").Dispose();
            return null;
        }
        catch (CodecException failed)
        {
            return failed.Message;
        }
    }
}
