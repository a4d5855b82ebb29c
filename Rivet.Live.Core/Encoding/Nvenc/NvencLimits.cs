using Rivet.Live.Core.Native.Nvenc;

namespace Rivet.Live.Core.Encoding.Nvenc;

/// <summary>What a device says of one codec.</summary>
/// <param name="Codec">Which.</param>
/// <param name="IsThere">False where it does not encode it; the rest is 0 then.</param>
/// <param name="WidthMin">Of a picture.</param>
/// <param name="HeightMin">Of a picture.</param>
/// <param name="WidthMax">Of a picture.</param>
/// <param name="HeightMax">Of a picture.</param>
/// <param name="Has10Bits">Whether it encodes 10 bits.</param>
internal sealed record NvencLimits(VideoCodec Codec, bool IsThere, int WidthMin, int HeightMin, int WidthMax, int HeightMax, bool Has10Bits)
{
    /// <exception cref="NvencException">The driver does not say.</exception>
    public static NvencLimits Of(NvencSession session, VideoCodec codec)
    {
        Guid id = NvencIds.CodecOf(codec);

        // Before 12.0 there is no AV1, whatever the device has.
        if ((codec == VideoCodec.Av1 && !session.Layout.Has("NV_ENC_CONFIG_AV1")) || !session.Codecs().Contains(id))
        {
            return new NvencLimits(codec, IsThere: false, 0, 0, 0, 0, Has10Bits: false);
        }

        return new NvencLimits(
            codec,
            IsThere: true,
            session.Capability(id, NvencIds.WidthMin),
            session.Capability(id, NvencIds.HeightMin),
            session.Capability(id, NvencIds.WidthMax),
            session.Capability(id, NvencIds.HeightMax),
            codec != VideoCodec.H264 && session.Capability(id, NvencIds.Supports10Bit) != 0);
    }

    /// <summary>Why these settings are beyond it; null where they are not.</summary>
    public string? WhyNot(VideoEncoderSettings settings)
    {
        string word = VideoEncoderSettings.WordOf(Codec);
        if (!IsThere)
        {
            return $"it does not encode {word}";
        }

        if (settings.BitDepth > 8 && !Has10Bits)
        {
            return $"it encodes {word} with 8 bits, and {settings.BitDepth} were asked for";
        }

        return settings.Width < WidthMin || settings.Height < HeightMin || settings.Width > WidthMax || settings.Height > HeightMax
            ? $"it encodes {word} from {WidthMin}x{HeightMin} to {WidthMax}x{HeightMax}, and {settings.Width}x{settings.Height} were asked for"
            : null;
    }

    /// <summary>For people.</summary>
    public override string ToString() => IsThere
        ? $"{VideoEncoderSettings.WordOf(Codec)}{(Has10Bits ? " and 10-bit" : "")} up to {WidthMax}x{HeightMax}"
        : $"no {VideoEncoderSettings.WordOf(Codec)}";
}
