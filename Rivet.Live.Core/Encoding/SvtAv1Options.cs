using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>How libsvtav1 is told to give samples in order and soon, and keyframes only where they are asked for.</summary>
internal static class SvtAv1Options
{
    private const int TwoTilesWidth = 1920;
    private const int FourTilesWidth = 3840;

    public static void Apply(AVCodecContextHandle context, VideoEncoderSettings settings)
    {
        context.SetOption("preset", settings.Preset);
        if (settings.ConstantQuantizer is { } quantizer)
        {
            context.SetOption("qp", quantizer);
        }
        else if (settings.Quality is { } quality)
        {
            // It has no capped quality without looking ahead; with a constant bit rate and a least quantizer easy pictures get no more than they need.
            context.SetOption("qmin", quality);
        }

        int tiles = settings.Width >= FourTilesWidth ? 2 : settings.Width >= TwoTilesWidth ? 1 : 0;
        context.SetOption(settings.ParametersName, settings.ParametersAfter($"pred-struct=1:lookahead=0:scd=0:keyint=-1:lp={settings.Threads}:tile-columns={tiles}"));
    }
}
