using System.Globalization;
using System.Text;

using Rivet.Live.Core.Bitstream;

namespace Rivet.Live.Core.Boxes;

/// <summary>Writes RFC 6381 codec strings, which players ask the browser about, from codec configurations.</summary>
internal static class CodecStrings
{
    public const string Opus = "opus";
    public const string Ac3 = "ac-3";
    public const string Ec3 = "ec-3";

    /// <summary>For example <c>avc1.64001f</c>. RFC 6381 §3.3.</summary>
    public static string Avc(BoxType sampleEntry, in AvcC avcC) =>
        string.Create(CultureInfo.InvariantCulture, $"{sampleEntry}.{avcC.Profile:x2}{avcC.Compatibility:x2}{avcC.Level:x2}");

    /// <summary>For example <c>hvc1.1.6.L93.90</c>. ISO/IEC 14496-15 Annex E.3.</summary>
    public static string Hevc(BoxType sampleEntry, in HvcC hvcC)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{sampleEntry}.");
        if (hvcC.ProfileSpace > 0)
        {
            text.Append((char)('A' + hvcC.ProfileSpace - 1));
        }

        text.Append(CultureInfo.InvariantCulture, $"{hvcC.Profile}.{ReverseBits(hvcC.Compatibility):X}.");
        text.Append(CultureInfo.InvariantCulture, $"{(hvcC.IsHighTier ? 'H' : 'L')}{hvcC.Level}");

        // Six bytes, first one highest; trailing zero bytes are left out.
        ulong constraints = hvcC.Constraints << 16;
        while (constraints != 0)
        {
            text.Append(CultureInfo.InvariantCulture, $".{constraints >> 56:X}");
            constraints <<= 8;
        }

        return text.ToString();
    }

    /// <summary>For example <c>av01.0.08M.08</c>. AV1 Codec ISO Media File Format Binding §5.</summary>
    public static string Av1(in Av1C av1C) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"av01.{av1C.Profile}.{av1C.Level:00}{(av1C.IsHighTier ? 'H' : 'M')}.{av1C.BitDepth:00}");

    /// <summary>For example <c>vp09.00.31.08</c>. VP Codec ISO Media File Format Binding, "Codecs Parameter String".</summary>
    public static string Vp9(in VpcC vpcC) =>
        string.Create(CultureInfo.InvariantCulture, $"vp09.{vpcC.Profile:00}.{vpcC.Level:00}.{vpcC.BitDepth:00}");

    /// <summary>For example <c>mp4a.40.2</c>. RFC 6381 §3.3.</summary>
    public static string Aac(in AudioSpecificConfig configuration) =>
        string.Create(CultureInfo.InvariantCulture, $"mp4a.40.{configuration.ObjectType}");

    /// <summary>For example <c>mp4a.6B</c>: what is not MPEG-4 audio but travels in its sample entry.</summary>
    public static string Mp4a(in Esds esds) => string.Create(CultureInfo.InvariantCulture, $"mp4a.{esds.ObjectType:X2}");

    private static uint ReverseBits(uint bits)
    {
        uint reversed = 0;
        for (int index = 0; index < 32; index++)
        {
            reversed = (reversed << 1) | ((bits >> index) & 1);
        }

        return reversed;
    }
}
