using System.Buffers;

namespace Rivet.Live.Core.Bitstream;

/// <summary>What an AV1 sequence header says of the pictures. AV1 Bitstream Specification §5.5.</summary>
/// <param name="Profile">seq_profile: 0 is Main.</param>
/// <param name="IsStillPicture">still_picture.</param>
/// <param name="Level">seq_level_idx of the first operating point: 8 is level 4.0.</param>
/// <param name="IsHighTier">seq_tier of the first operating point.</param>
/// <param name="Width">max_frame_width, in pixels.</param>
/// <param name="Height">max_frame_height, in pixels.</param>
/// <param name="Color">Depth, chroma and colour.</param>
internal readonly record struct Av1SequenceHeader(
    byte Profile, bool IsStillPicture, byte Level, bool IsHighTier, int Width, int Height, Av1Color Color)
{
    /// <summary>Levels above 3.3 have tiers.</summary>
    private const int LevelWithoutTierMax = 7;

    /// <param name="payload">The unit's payload, without its header and size.</param>
    /// <param name="header">What it says.</param>
    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out Av1SequenceHeader header)
    {
        BitReader bits = new(payload, hasEmulationPrevention: false);
        byte profile = (byte)bits.Bits(3);
        bool isStill = bits.Flag();
        bool isReduced = bits.Flag();
        (byte level, bool isHighTier) = isReduced ? ((byte)bits.Bits(5), false) : ReadOperatingPoints(ref bits);
        int widthBits = (int)bits.Bits(4) + 1;
        int heightBits = (int)bits.Bits(4) + 1;
        int width = (int)bits.Bits(widthBits) + 1;
        int height = (int)bits.Bits(heightBits) + 1;
        if (!isReduced && bits.Flag())
        {
            bits.Bits(7); // lengths of frame numbers
        }

        bits.Bits(3); // large superblocks, filter intra, intra edge filter
        if (!isReduced)
        {
            SkipInterTools(ref bits);
        }

        bits.Bits(3); // super-resolution, directional enhancement, restoration
        header = new Av1SequenceHeader(profile, isStill, level, isHighTier, width, height, Av1Color.Read(ref bits, profile));
        bits.Flag(); // film grain
        return bits.Status == OperationStatus.Done && profile > 2 ? OperationStatus.InvalidData : bits.Status;
    }

    private static (byte Level, bool IsHighTier) ReadOperatingPoints(ref BitReader bits)
    {
        int delayBits = 0;
        bool hasModel = false;
        if (bits.Flag())
        {
            bits.Skip(64); // tick and timescale
            if (bits.Flag())
            {
                bits.UnsignedGolomb(); // ticks per picture
            }

            hasModel = bits.Flag();
            if (hasModel)
            {
                delayBits = (int)bits.Bits(5) + 1;
                bits.Skip(32 + 5 + 5); // tick, lengths of times
            }
        }

        bool hasDisplayDelay = bits.Flag();
        int points = (int)bits.Bits(5) + 1;
        (byte Level, bool IsHighTier) first = default;
        for (int point = 0; point < points; point++)
        {
            bits.Bits(12); // layers
            byte level = (byte)bits.Bits(5);
            bool isHighTier = level > LevelWithoutTierMax && bits.Flag();
            if (hasModel && bits.Flag())
            {
                bits.Skip((2 * delayBits) + 1); // delays, low delay mode
            }

            if (hasDisplayDelay && bits.Flag())
            {
                bits.Bits(4);
            }

            first = point == 0 ? (level, isHighTier) : first;
        }

        return first;
    }

    private static void SkipInterTools(ref BitReader bits)
    {
        bits.Bits(4); // inter-intra, masks, warps, dual filter
        bool hasOrderHint = bits.Flag();
        if (hasOrderHint)
        {
            bits.Bits(2); // joint compound, motion vectors of references
        }

        bool choosesScreenContent = bits.Flag();
        bool mayBeScreenContent = choosesScreenContent || bits.Flag();
        if (mayBeScreenContent && !bits.Flag())
        {
            bits.Flag(); // integer motion vectors
        }

        if (hasOrderHint)
        {
            bits.Bits(3);
        }
    }
}
