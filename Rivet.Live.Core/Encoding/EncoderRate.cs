using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>What is said to every encoder of the bits it may spend.</summary>
internal static class EncoderRate
{
    /// <summary>Of the cap, where an average is asked for below it.</summary>
    private const int AverageTenths = 9;

    /// <summary>Never more than the bit rate, over the buffer's duration.</summary>
    public static void Cap(AVCodecContextHandle context, VideoEncoderSettings settings)
    {
        context.SetOption("b", settings.BitrateBps);
        context.SetOption("maxrate", settings.BitrateBps);
        context.SetOption("bufsize", (long)(settings.BitrateBps * settings.BufferSeconds));
    }

    /// <summary>
    /// For encoders that know no quality under a cap: never more than the cap, an average below it, without which they would fill it, and a least
    /// quantizer, so that easy pictures get no more than they need.
    /// </summary>
    public static void CapWithLeast(AVCodecContextHandle context, VideoEncoderSettings settings)
    {
        Cap(context, settings);
        if (settings.Quality is { } least)
        {
            context.SetOption("b", settings.BitrateBps / 10 * AverageTenths);
            context.SetOption("qmin", least);
        }
    }

    /// <summary>For libx264 and libx265, whose words are the same: a constant quantizer; or a cap, and under it a quality where one is aimed at.</summary>
    public static void Apply(AVCodecContextHandle context, VideoEncoderSettings settings)
    {
        if (settings.ConstantQuantizer is { } quantizer)
        {
            context.SetOption("qp", quantizer);
            return;
        }

        Cap(context, settings);
        if (settings.Quality is { } quality)
        {
            context.SetOption("crf", quality);
        }
    }
}
