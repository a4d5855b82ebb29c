using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>How libx264 is told to give one sample for each picture at once, and keyframes only where they are asked for.</summary>
internal static class X264Options
{
    public static void Apply(AVCodecContextHandle context, VideoEncoderSettings settings)
    {
        context.ThreadCount = settings.Threads;
        context.SetOption("preset", settings.Preset);
        context.SetOption("tune", "zerolatency");
        if (settings.Profile is { } profile)
        {
            context.SetOption("profile", profile);
        }

        EncoderRate.Apply(context, settings);
        context.SetOption("forced-idr", 1);

        // Preset and tune come before these in the wrapper: scenecut and repeated headers would put keyframes and bytes where nobody asked.
        context.SetOption(settings.ParametersName, settings.ParametersAfter("scenecut=0:keyint=infinite:repeat-headers=0:open-gop=0:aud=0"));
    }
}
