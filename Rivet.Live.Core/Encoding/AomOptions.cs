using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>How libaom is told to give one sample for each picture at once, and keyframes only where they are asked for.</summary>
internal static class AomOptions
{
    private const int TwoTilesWidth = 1920;
    private const int FourTilesWidth = 3840;

    public static void Apply(AVCodecContextHandle context, VideoEncoderSettings settings)
    {
        context.ThreadCount = settings.Threads;
        context.SetOption("usage", "realtime");
        context.SetOption("lag-in-frames", 0);
        context.SetOption("row-mt", 1);
        context.SetOption("tile-columns", settings.Width >= FourTilesWidth ? 2 : settings.Width >= TwoTilesWidth ? 1 : 0);
        context.SetOption("aq-mode", "cyclic");

        // A constant rate is the only one that it keeps in real time. With a least quantizer, easy pictures get no more than they need.
        EncoderRate.Cap(context, settings);
        context.SetOption("minrate", settings.BitrateBps);
        if ((settings.ConstantQuantizer ?? settings.Quality) is { } least)
        {
            context.SetOption("qmin", least);
        }

        if (settings.ConstantQuantizer is { } greatest)
        {
            context.SetOption("qmax", greatest);
        }

        // The wrapper's own option ends at 8; real time goes further.
        context.SetOption(settings.ParametersName, settings.ParametersAfter($"cpu-used={settings.Preset}"));
    }
}
