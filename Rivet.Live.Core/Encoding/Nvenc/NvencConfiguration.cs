using Rivet.Live.Core.Native.Nvenc;

namespace Rivet.Live.Core.Encoding.Nvenc;

/// <summary>Settings as NVENC takes them: one sample for each picture at once, keyframes only where they are asked for, headers with each of them.</summary>
internal static class NvencConfiguration
{
    private const int UnspecifiedVideoFormat = 5;

    /// <summary>One slice is a whole picture.</summary>
    private const int SlicesByCount = 3;

    /// <summary>NV_ENC_CONFIG: the preset's, and what we want otherwise.</summary>
    /// <exception cref="NvencException">The driver has no such preset.</exception>
    /// <exception cref="CodecException">Neither have we.</exception>
    public static NvencBlock ConfigOf(NvencSession session, VideoEncoderSettings settings)
    {
        NvencBlock config = session.PresetConfig(NvencIds.CodecOf(settings.Codec), NvencIds.PresetOf(settings.Preset), NvencIds.LowLatency);
        NvencView view = config.View;
        view.Set("profileGUID", NvencIds.ProfileOf(settings.Codec, settings.BitDepth));
        view.Set("gopLength", NvencIds.InfiniteGop);
        view.Set("frameIntervalP", 1);
        NvencRate.Apply(view.Inside("rcParams", "NV_ENC_RC_PARAMS"), settings);
        switch (settings.Codec)
        {
            case VideoCodec.H264:
                ApplyH264(view.Inside("encodeCodecConfig", "NV_ENC_CONFIG_H264"), settings);
                break;
            case VideoCodec.Hevc:
                ApplyHevc(view.Inside("encodeCodecConfig", "NV_ENC_CONFIG_HEVC"), settings);
                break;
            default:
                ApplyAv1(view.Inside("encodeCodecConfig", "NV_ENC_CONFIG_AV1"), settings);
                break;
        }

        return config;
    }

    /// <summary>Writes NV_ENC_INITIALIZE_PARAMS.</summary>
    /// <param name="view">The struct, or the one in NV_ENC_RECONFIGURE_PARAMS.</param>
    /// <param name="settings">The encoder's.</param>
    /// <param name="config">Has to live as long as the call.</param>
    public static void Initialize(NvencView view, VideoEncoderSettings settings, NvencBlock config)
    {
        (int darWidth, int darHeight) = DisplayAspectOf(settings);
        view.Set("encodeGUID", NvencIds.CodecOf(settings.Codec));
        view.Set("presetGUID", NvencIds.PresetOf(settings.Preset));
        view.Set("tuningInfo", NvencIds.LowLatency);
        view.Set("encodeWidth", settings.Width);
        view.Set("encodeHeight", settings.Height);
        view.Set("maxEncodeWidth", settings.Width);
        view.Set("maxEncodeHeight", settings.Height);
        view.Set("darWidth", darWidth);
        view.Set("darHeight", darHeight);
        view.Set("frameRateNum", settings.FrameRate.Numerator);
        view.Set("frameRateDen", settings.FrameRate.Denominator);
        view.Set("enablePTD", 1);
        view.Set("encodeConfig", config.Pointer);
        if (view.Has("splitEncodeMode"))
        {
            view.Set("splitEncodeMode", NvencIds.SplitDisabled);
        }
    }

    /// <summary>How many pictures later a sample may be taken, as the encoder was really configured.</summary>
    public static int DelayOf(NvencBlock config)
    {
        NvencView rate = config.View.Inside("rcParams", "NV_ENC_RC_PARAMS");
        return (int)(config.View.Get("frameIntervalP") - 1 + (rate.Get("enableLookahead") * rate.Get("lookaheadDepth")));
    }

    /// <summary>What NV_ENC_PIC_PARAMS says again of each picture.</summary>
    public static void ApplyPicture(NvencView picture, VideoCodec codec)
    {
        if (codec == VideoCodec.Av1)
        {
            return;
        }

        NvencView own = picture.Inside("codecPicParams", codec == VideoCodec.H264 ? "NV_ENC_PIC_PARAMS_H264" : "NV_ENC_PIC_PARAMS_HEVC");
        own.Set("sliceMode", SlicesByCount);
        own.Set("sliceModeData", 1);
    }

    private static void ApplyH264(NvencView view, VideoEncoderSettings settings) => ApplyNalUnits(view, settings, "h264VUIParameters");

    private static void ApplyHevc(NvencView view, VideoEncoderSettings settings)
    {
        view.Set("tier", 0);
        ApplyNalUnits(view, settings, "hevcVUIParameters");
    }

    /// <summary>What H.264 and HEVC are told by the same names.</summary>
    private static void ApplyNalUnits(NvencView view, VideoEncoderSettings settings, string usability)
    {
        view.Set("repeatSPSPPS", 1);
        view.Set("disableSPSPPS", 0);
        view.Set("idrPeriod", NvencIds.InfiniteGop);
        view.Set("enableIntraRefresh", 0);
        view.Set("sliceMode", SlicesByCount);
        view.Set("sliceModeData", 1);
        view.Set("chromaFormatIDC", 1);
        view.Set("useBFramesAsRef", 0);
        ApplyDepth(view, settings.BitDepth);
        ApplyColor(view.Inside(usability, "NV_ENC_CONFIG_H264_VUI_PARAMETERS"), settings.Color);
    }

    private static void ApplyAv1(NvencView view, VideoEncoderSettings settings)
    {
        view.Set("tier", 0);
        view.Set("outputAnnexBFormat", 0);
        view.Set("repeatSeqHdr", 1);
        view.Set("disableSeqHdr", 0);
        view.Set("idrPeriod", NvencIds.InfiniteGop);
        view.Set("enableIntraRefresh", 0);
        view.Set("chromaFormatIDC", 1);
        view.Set("useBFramesAsRef", 0);
        ApplyDepth(view, settings.BitDepth);
        view.Set("colorPrimaries", settings.Color.Primaries);
        view.Set("transferCharacteristics", settings.Color.Transfer);
        view.Set("matrixCoefficients", settings.Color.Matrix);
        view.Set("colorRange", settings.Color.IsFullRange ? 1 : 0);

        // AV1 has two places for chroma: left, and top left; 0 is unknown.
        view.Set("chromaSamplePosition", settings.Color.ChromaLocation switch { 1 => 1, 3 => 2, _ => 0 });
    }

    /// <summary>From 12.2 on two enums, before that the bits beyond 8 of one or two fields; H.264 had none.</summary>
    private static void ApplyDepth(NvencView view, int bitDepth)
    {
        foreach (string field in (string[])["outputBitDepth", "inputBitDepth"])
        {
            if (view.Has(field))
            {
                view.Set(field, bitDepth);
            }
        }

        foreach (string field in (string[])["pixelBitDepthMinus8", "inputPixelBitDepthMinus8"])
        {
            if (view.Has(field))
            {
                view.Set(field, bitDepth - 8);
            }
        }
    }

    private static void ApplyColor(NvencView view, PictureColor color)
    {
        if (!color.IsKnown && color.ChromaLocation == 0)
        {
            return;
        }

        view.Set("videoSignalTypePresentFlag", 1);
        view.Set("videoFormat", UnspecifiedVideoFormat);
        view.Set("videoFullRangeFlag", color.IsFullRange ? 1 : 0);
        view.Set("colourDescriptionPresentFlag", 1);
        view.Set("colourPrimaries", color.Primaries);
        view.Set("transferCharacteristics", color.Transfer);
        view.Set("colourMatrix", color.Matrix);
        if (color.ChromaLocation > 0)
        {
            view.Set("chromaSampleLocationFlag", 1);
            view.Set("chromaSampleLocationTop", color.ChromaLocation - 1);
            view.Set("chromaSampleLocationBot", color.ChromaLocation - 1);
        }
    }

    private static (int Width, int Height) DisplayAspectOf(VideoEncoderSettings settings)
    {
        (int numerator, int denominator) = settings.SampleAspectRatio;
        long width = numerator > 0 && denominator > 0 ? (long)settings.Width * numerator : settings.Width;
        long height = numerator > 0 && denominator > 0 ? (long)settings.Height * denominator : settings.Height;
        long divisor = (long)System.Numerics.BigInteger.GreatestCommonDivisor(width, height);
        return (checked((int)(width / divisor)), checked((int)(height / divisor)));
    }
}
