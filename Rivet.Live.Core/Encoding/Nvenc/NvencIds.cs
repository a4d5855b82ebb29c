namespace Rivet.Live.Core.Encoding.Nvenc;

/// <summary>NVENC's names for codecs, profiles and presets, and its numbers; the same in every version.</summary>
internal static class NvencIds
{
    /// <summary>NV_ENC_TUNING_INFO_LOW_LATENCY.</summary>
    public const int LowLatency = 2;

    /// <summary>NV_ENC_PARAMS_RC_MODE.</summary>
    public const int ConstantQuantizer = 0;

    /// <inheritdoc cref="ConstantQuantizer"/>
    public const int VariableBitrate = 1;

    /// <inheritdoc cref="ConstantQuantizer"/>
    public const int ConstantBitrate = 2;

    /// <summary>NV_ENC_SPLIT_DISABLE_MODE: one engine for each encoder, since a ladder has as many encoders as there are engines.</summary>
    public const int SplitDisabled = 15;

    /// <summary>NVENC_INFINITE_GOPLENGTH.</summary>
    public const long InfiniteGop = uint.MaxValue;

    /// <summary>NV_ENC_PIC_FLAG_FORCEIDR.</summary>
    public const int ForceIdr = 2;

    /// <summary>NV_ENC_PIC_FLAG_EOS.</summary>
    public const int EndOfStream = 8;

    /// <summary>NV_ENC_PIC_STRUCT_FRAME.</summary>
    public const int Frame = 1;

    /// <summary>NV_ENC_PIC_TYPE_IDR.</summary>
    public const int Idr = 3;

    /// <summary>NV_ENC_BUFFER_FORMAT_IYUV: three planes of bytes, chroma at half the pitch.</summary>
    public const int Planar8 = 0x100;

    /// <summary>NV_ENC_BUFFER_FORMAT_YUV420_10BIT: luma, and chroma interleaved, in the upper 10 bits of two bytes.</summary>
    public const int Interleaved10 = 0x10000;

    /// <summary>NV_ENC_CAPS_WIDTH_MAX.</summary>
    public const int WidthMax = 16;

    /// <summary>NV_ENC_CAPS_HEIGHT_MAX.</summary>
    public const int HeightMax = 17;

    /// <summary>NV_ENC_CAPS_SUPPORT_10BIT_ENCODE.</summary>
    public const int Supports10Bit = 39;

    /// <summary>NV_ENC_CAPS_WIDTH_MIN.</summary>
    public const int WidthMin = 45;

    /// <summary>NV_ENC_CAPS_HEIGHT_MIN.</summary>
    public const int HeightMin = 46;

    /// <summary>NV_ENC_CAPS_NUM_ENCODER_ENGINES.</summary>
    public const int Engines = 49;

    private static readonly Guid[] Presets =
    [
        new("fc0a8d3e-45f8-4cf8-80c7-298871590ebf"), new("f581cfb8-88d6-4381-93f0-df13f9c27dab"), new("36850110-3a07-441f-94d5-3670631f91f6"),
        new("90a7b826-df06-4862-b9d2-cd6d73a08681"), new("21c6e6b4-297a-4cba-998f-b6cbde72ade3"), new("8e75c279-6299-4ab6-8302-0b215a335cf5"),
        new("84848c12-6f71-4c13-931b-53e283f57974"),
    ];

    public static Guid CodecOf(VideoCodec codec) => codec switch
    {
        VideoCodec.H264 => new Guid("6bc82762-4e63-4ca4-aa85-1e50f321f6bf"),
        VideoCodec.Hevc => new Guid("790cdc88-4522-4d7b-9425-bda9975f7603"),
        _ => new Guid("0a352289-0aa7-4759-862d-5d15cd16d254"),
    };

    /// <summary>High, Main or Main 10, AV1's Main.</summary>
    public static Guid ProfileOf(VideoCodec codec, int bitDepth) => (codec, bitDepth) switch
    {
        (VideoCodec.H264, _) => new Guid("e7cbc309-4f7a-4b89-af2a-d537c92be310"),
        (VideoCodec.Hevc, 8) => new Guid("b514c39a-b55b-40fa-878f-f1253b4dfdec"),
        (VideoCodec.Hevc, _) => new Guid("fa4d2b6c-3a5b-411a-8018-0a3f5e3c9be5"),
        _ => new Guid("5f2a39f5-f14e-4f95-9a9e-b76d568fcf97"),
    };

    /// <summary>A preset by our word for it, <c>p1</c> to <c>p7</c>; slower and better upwards.</summary>
    /// <exception cref="CodecException">There is no such preset.</exception>
    public static Guid PresetOf(string word) => word is ['p', >= '1' and <= '7']
        ? Presets[word[1] - '1']
        : throw new CodecException(EncoderFault.Refused, $"NVENC has no preset {word}: p1 to p7 are its own.");
}
