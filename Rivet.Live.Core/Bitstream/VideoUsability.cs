using System.Buffers;

namespace Rivet.Live.Core.Bitstream;

/// <summary>Video usability information, which H.264 and HEVC begin alike. ITU-T H.264 annex E.1.1, H.265 annex E.2.1.</summary>
internal static class VideoUsability
{
    /// <summary>ITU-T H.273: nothing is said.</summary>
    private const byte Unspecified = 2;

    private const int ExtendedAspectRatio = 255;

    /// <summary>transfer_characteristics. A parameter set that is cut off before the colour description, or broken, says nothing of colour.</summary>
    /// <param name="bits">Stands at vui_parameters_present_flag.</param>
    public static byte ReadTransfer(ref BitReader bits)
    {
        if (!bits.Flag())
        {
            return Unspecified;
        }

        if (bits.Flag() && bits.Bits(8) == ExtendedAspectRatio)
        {
            bits.Bits(32); // width and height of a sample
        }

        if (bits.Flag())
        {
            bits.Flag(); // overscan is appropriate
        }

        if (!bits.Flag())
        {
            return Unspecified;
        }

        bits.Bits(3); // video format
        bits.Flag(); // full range
        if (!bits.Flag())
        {
            return Unspecified;
        }

        bits.Bits(8); // primaries
        byte transfer = (byte)bits.Bits(8);
        return bits.Status == OperationStatus.Done ? transfer : Unspecified;
    }
}
