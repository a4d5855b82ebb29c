using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>How Quick Sync is told to give one sample for each picture at once, and keyframes only where they are asked for.</summary>
internal static class QsvOptions
{
    /// <summary>FF_QP2LAMBDA: libavcodec's unit of a quantizer.</summary>
    private const int Lambda = 118;

    public static void Apply(AVCodecContextHandle context, VideoEncoderSettings settings)
    {
        context.SetOption("g", VideoEncoder.LongestGop);
        context.SetOption("preset", settings.Preset);
        context.SetOption("async_depth", 1);
        context.SetOption("forced_idr", 1);
        if (settings.Codec == VideoCodec.H264)
        {
            context.SetOption("profile", "high");
            context.SetOption("look_ahead", 0);
        }

        if (settings.ConstantQuantizer is { } quantizer)
        {
            context.Flags |= AvCodecFunctions.AV_CODEC_FLAG_QSCALE;
            context.SetOption("global_quality", quantizer * Lambda);
            return;
        }

        EncoderRate.CapWithLeast(context, settings);
    }
}
