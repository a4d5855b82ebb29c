using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>How libx265 is told to give one sample for each picture at once, and keyframes only where they are asked for.</summary>
internal static class X265Options
{
    public static void Apply(AVCodecContextHandle context, VideoEncoderSettings settings)
    {
        // The wrapper takes it for x265's frame threads, each of which would keep a picture back.
        context.ThreadCount = 1;
        context.SetOption("preset", settings.Preset);
        context.SetOption("tune", "zerolatency");
        if (settings.Profile is { } profile)
        {
            context.SetOption("profile", profile);
        }

        EncoderRate.Apply(context, settings);
        context.SetOption("forced-idr", 1);

        // A pool of threads works on the rows of one picture; none is the caller's thread alone.
        string threads = settings.Threads > 1 ? $"wpp=1:pools={settings.Threads}" : "wpp=0:pools=none";
        string parameters = $"scenecut=0:keyint=-1:open-gop=0:repeat-headers=0:aud=0:info=0:lookahead-slices=0:frame-threads=1:{threads}:log-level=warning";
        context.SetOption(settings.ParametersName, settings.ParametersAfter(parameters));
    }
}
