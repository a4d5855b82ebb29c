using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>How NVENC is told to give one sample for each picture at once, and keyframes only where they are asked for.</summary>
internal static class NvencOptions
{
    public static void Apply(AVCodecContextHandle context, VideoEncoderSettings settings)
    {
        context.SetOption("preset", settings.Preset);
        context.SetOption("tune", "ll");
        context.SetOption("zerolatency", 1);
        context.SetOption("delay", 0);
        context.SetOption("rc-lookahead", 0);
        context.SetOption("forced-idr", 1);
        if (settings.Codec == VideoCodec.H264)
        {
            // Without a word it takes Main, and no rendition could move between it and other encoders.
            context.SetOption("profile", "high");
        }

        if (settings.ConstantQuantizer is { } quantizer)
        {
            context.SetOption("rc", "constqp");
            context.SetOption("qp", quantizer);
            return;
        }

        EncoderRate.Cap(context, settings);
        context.SetOption("rc", settings.Quality is null ? "cbr" : "vbr");
        if (settings.Quality is { } quality)
        {
            context.SetOption("cq", quality);
        }
    }
}
