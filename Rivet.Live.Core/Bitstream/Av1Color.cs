namespace Rivet.Live.Core.Bitstream;

/// <summary>The colour configuration of an AV1 sequence. AV1 Bitstream Specification §5.5.2.</summary>
/// <param name="BitDepth">8, 10 or 12.</param>
/// <param name="IsMonochrome">No chroma at all.</param>
/// <param name="SubsamplingX">1 where chroma has half the columns.</param>
/// <param name="SubsamplingY">1 where chroma has half the rows.</param>
/// <param name="ChromaPosition">chroma_sample_position: 0 unknown, 1 left, 2 top left.</param>
/// <param name="Primaries">ITU-T H.273; 2 where it says nothing, as with the next two.</param>
/// <param name="Transfer">1 BT.709, 16 PQ, 18 HLG.</param>
/// <param name="Matrix">matrix_coefficients.</param>
/// <param name="IsFullRange">color_range.</param>
internal readonly record struct Av1Color(
    int BitDepth, bool IsMonochrome, int SubsamplingX, int SubsamplingY, int ChromaPosition, byte Primaries, byte Transfer, byte Matrix, bool IsFullRange)
{
    private const byte Unspecified = 2;
    private const byte Bt709 = 1;
    private const byte Srgb = 13;
    private const byte Identity = 0;

    /// <param name="bits">Stands at color_config; afterwards behind it.</param>
    /// <param name="profile">seq_profile.</param>
    public static Av1Color Read(ref BitReader bits, byte profile)
    {
        bool isHigh = bits.Flag();
        int bitDepth = profile == 2 && isHigh && bits.Flag() ? 12 : isHigh ? 10 : 8;
        bool isMonochrome = profile != 1 && bits.Flag();
        bool isDescribed = bits.Flag();
        byte primaries = isDescribed ? (byte)bits.Bits(8) : Unspecified;
        byte transfer = isDescribed ? (byte)bits.Bits(8) : Unspecified;
        byte matrix = isDescribed ? (byte)bits.Bits(8) : Unspecified;
        if (isMonochrome)
        {
            return new Av1Color(bitDepth, true, 1, 1, 0, primaries, transfer, matrix, bits.Flag());
        }

        if (primaries == Bt709 && transfer == Srgb && matrix == Identity)
        {
            bits.Flag(); // separate quantizers of chroma
            return new Av1Color(bitDepth, false, 0, 0, 0, primaries, transfer, matrix, true);
        }

        bool isFullRange = bits.Flag();
        (int x, int y) = ReadSubsampling(ref bits, profile, bitDepth);
        int position = x == 1 && y == 1 ? (int)bits.Bits(2) : 0;
        bits.Flag(); // separate quantizers of chroma
        return new Av1Color(bitDepth, false, x, y, position, primaries, transfer, matrix, isFullRange);
    }

    private static (int X, int Y) ReadSubsampling(ref BitReader bits, byte profile, int bitDepth)
    {
        if (profile < 2)
        {
            return profile == 0 ? (1, 1) : (0, 0);
        }

        int x = bitDepth < 12 || bits.Flag() ? 1 : 0;
        int y = bitDepth == 12 && x == 1 && bits.Flag() ? 1 : 0;
        return (x, y);
    }
}
