using System.Buffers;

namespace Rivet.Live.Core.Bitstream;

/// <summary>What an HEVC sequence parameter set says of the pictures. ITU-T H.265 §7.3.2.2.</summary>
/// <param name="ProfileSpace">general_profile_space, 0 to 3.</param>
/// <param name="IsHighTier">general_tier_flag.</param>
/// <param name="Profile">general_profile_idc: 1 is Main, 2 is Main 10.</param>
/// <param name="Compatibility">general_profile_compatibility_flags, flag 0 in the high bit.</param>
/// <param name="Constraints">The six general_constraint_indicator bytes, first one highest.</param>
/// <param name="Level">general_level_idc: 93 is level 3.1.</param>
/// <param name="ChromaFormat">0 grey, 1 4:2:0, 2 4:2:2, 3 4:4:4.</param>
/// <param name="BitDepth">Of luma.</param>
/// <param name="ChromaBitDepth">Of chroma.</param>
/// <param name="Width">After cropping, in pixels.</param>
/// <param name="Height">After cropping, in pixels.</param>
/// <param name="TemporalLayers">1 to 7.</param>
/// <param name="IsTemporallyNested">sps_temporal_id_nesting_flag.</param>
/// <param name="Transfer">transfer_characteristics (ITU-T H.273 §8.2): 1 BT.709, 16 PQ, 18 HLG; 2 where it says nothing.</param>
internal readonly record struct HevcSps(
    byte ProfileSpace,
    bool IsHighTier,
    byte Profile,
    uint Compatibility,
    ulong Constraints,
    byte Level,
    int ChromaFormat,
    int BitDepth,
    int ChromaBitDepth,
    int Width,
    int Height,
    int TemporalLayers,
    bool IsTemporallyNested,
    byte Transfer)
{
    /// <summary>Larger pictures are refused: level 6.2 allows no side beyond 16 888 pixels.</summary>
    private const long SideMax = 16888;

    /// <param name="nalUnit">The NAL unit with its two-byte header, without start code.</param>
    /// <param name="sps">What it says.</param>
    public static OperationStatus TryRead(ReadOnlySpan<byte> nalUnit, out HevcSps sps)
    {
        sps = default;
        BitReader bits = new(nalUnit, hasEmulationPrevention: true);
        uint header = bits.Bits(16);
        if (bits.Status == OperationStatus.Done && (header >> 9 & 0x3F) != HevcUnits.Sps)
        {
            return OperationStatus.InvalidData;
        }

        bits.Bits(4); // id of the video parameter set
        int layersAbove = (int)bits.Bits(3);
        bool isNested = bits.Flag();
        uint profile = bits.Bits(8);
        uint compatibility = bits.Bits(32);
        ulong constraints = ((ulong)bits.Bits(32) << 16) | bits.Bits(16);
        byte level = (byte)bits.Bits(8);
        SkipSubLayerProfiles(ref bits, layersAbove);
        bits.UnsignedGolomb(); // id
        int chromaFormat = (int)Math.Min(bits.UnsignedGolomb(), 4);
        bool hasSeparatePlanes = chromaFormat == 3 && bits.Flag();
        (long width, long height) = ReadSize(ref bits, hasSeparatePlanes ? 0 : chromaFormat);
        int bitDepth = (int)Math.Min(bits.UnsignedGolomb(), 64) + 8;
        int chromaBitDepth = (int)Math.Min(bits.UnsignedGolomb(), 64) + 8;
        if (bits.Status != OperationStatus.Done)
        {
            return bits.Status;
        }

        if (layersAbove > 6 || chromaFormat > 3 || bitDepth > 16 || chromaBitDepth > 16 || width is < 1 or > SideMax || height is < 1 or > SideMax)
        {
            return OperationStatus.InvalidData;
        }

        SkipToUsability(ref bits, layersAbove);
        sps = new HevcSps(
            (byte)(profile >> 6),
            (profile & 0x20) != 0,
            (byte)(profile & 0x1F),
            compatibility,
            constraints,
            level,
            chromaFormat,
            bitDepth,
            chromaBitDepth,
            (int)width,
            (int)height,
            layersAbove + 1,
            isNested,
            VideoUsability.ReadTransfer(ref bits));
        return OperationStatus.Done;
    }

    private static void SkipSubLayerProfiles(ref BitReader bits, int layersAbove)
    {
        uint present = bits.Bits(layersAbove > 0 ? 16 : 0);
        for (int layer = 0; layer < layersAbove; layer++)
        {
            bits.Skip((present >> (15 - (2 * layer)) & 1) != 0 ? 88 : 0);
            bits.Skip((present >> (14 - (2 * layer)) & 1) != 0 ? 8 : 0);
        }
    }

    private static (long Width, long Height) ReadSize(ref BitReader bits, int chromaArray)
    {
        long width = bits.UnsignedGolomb();
        long height = bits.UnsignedGolomb();
        if (bits.Flag())
        {
            width -= (chromaArray is 1 or 2 ? 2 : 1) * ((long)bits.UnsignedGolomb() + bits.UnsignedGolomb());
            height -= (chromaArray == 1 ? 2 : 1) * ((long)bits.UnsignedGolomb() + bits.UnsignedGolomb());
        }

        return (width, height);
    }

    private static void SkipToUsability(ref BitReader bits, int layersAbove)
    {
        int orderBits = (int)Math.Min(bits.UnsignedGolomb(), 12) + 4;
        for (int layer = bits.Flag() ? 0 : layersAbove; layer <= layersAbove; layer++)
        {
            bits.SkipGolombs(3); // pictures kept, reordered, latency
        }

        bits.SkipGolombs(6); // block and transform sizes
        if (bits.Flag() && bits.Flag())
        {
            SkipScalingLists(ref bits);
        }

        bits.Bits(2); // asymmetric partitions, sample adaptive offset
        if (bits.Flag())
        {
            bits.Bits(8); // bit depths of PCM
            bits.SkipGolombs(2);
            bits.Flag();
        }

        SkipShortTermSets(ref bits);
        if (bits.Flag())
        {
            uint longTerm = bits.UnsignedGolomb();
            for (uint index = 0; index < longTerm && bits.Status == OperationStatus.Done; index++)
            {
                bits.Skip(orderBits + 1);
            }
        }

        bits.Bits(2); // temporal motion vectors, strong smoothing
    }

    /// <summary>§7.3.4.</summary>
    private static void SkipScalingLists(ref BitReader bits)
    {
        for (int size = 0; size < 4; size++)
        {
            for (int matrix = 0; matrix < 6; matrix += size == 3 ? 3 : 1)
            {
                bool isCoded = bits.Flag();
                int coefficients = Math.Min(64, 1 << (4 + (2 * size))) + (size > 1 ? 1 : 0);
                bits.SkipGolombs(isCoded ? coefficients : 1);
            }
        }
    }

    /// <summary>§7.3.7. A set is predicted from the one before: each of its pictures and the predicting picture itself may stay.</summary>
    private static void SkipShortTermSets(ref BitReader bits)
    {
        uint sets = bits.UnsignedGolomb();
        uint pictures = 0;
        for (uint set = 0; set < sets && bits.Status == OperationStatus.Done; set++)
        {
            if (set > 0 && bits.Flag())
            {
                bits.Flag(); // sign of the distance
                bits.UnsignedGolomb(); // distance
                uint kept = 0;
                for (uint picture = 0; picture <= pictures && bits.Status == OperationStatus.Done; picture++)
                {
                    kept += bits.Flag() || bits.Flag() ? 1u : 0u;
                }

                pictures = kept;
            }
            else
            {
                pictures = Math.Min(bits.UnsignedGolomb(), 16) + Math.Min(bits.UnsignedGolomb(), 16);
                for (uint picture = 0; picture < pictures; picture++)
                {
                    bits.UnsignedGolomb();
                    bits.Flag();
                }
            }
        }
    }
}
