using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>How encoders behind VA-API are told to give one sample for each picture at once, and keyframes only where they are asked for.</summary>
internal static class VaapiOptions
{
    public static void Apply(AVCodecContextHandle context, VideoEncoderSettings settings)
    {
        context.SetOption("g", VideoEncoder.LongestGop);
        context.SetOption("compression_level", settings.Preset);
        context.SetOption("async_depth", 1);
        if (settings.Codec == VideoCodec.H264)
        {
            context.SetOption("profile", "high");
        }

        if (settings.ConstantQuantizer is { } quantizer)
        {
            context.SetOption("rc_mode", "CQP");
            context.SetOption("global_quality", quantizer);
            return;
        }

        context.SetOption("rc_mode", "VBR");
        EncoderRate.CapWithLeast(context, settings);
    }
}
