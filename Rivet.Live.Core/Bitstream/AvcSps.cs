using System.Buffers;

namespace Rivet.Live.Core.Bitstream;

/// <summary>What an H.264 sequence parameter set says of the pictures. ITU-T H.264 §7.3.2.1.1.</summary>
/// <param name="Profile">profile_idc.</param>
/// <param name="Compatibility">The constraint flags.</param>
/// <param name="Level">level_idc: 31 is level 3.1.</param>
/// <param name="ChromaFormat">0 grey, 1 4:2:0, 2 4:2:2, 3 4:4:4.</param>
/// <param name="BitDepth">Of luma.</param>
/// <param name="Width">After cropping, in pixels.</param>
/// <param name="Height">After cropping, in pixels.</param>
/// <param name="Transfer">transfer_characteristics (ITU-T H.273 §8.2): 1 BT.709, 16 PQ, 18 HLG; 2 where it says nothing.</param>
internal readonly record struct AvcSps(byte Profile, byte Compatibility, byte Level, int ChromaFormat, int BitDepth, int Width, int Height, byte Transfer)
{
    private const int SpsType = 7;

    /// <summary>Larger pictures are refused: level 6.2 ends at 139 264 macroblocks, 16 384 pixels a side are beyond it.</summary>
    private const long SideMax = 16384;

    /// <param name="nalUnit">The NAL unit with its one-byte header, without start code.</param>
    /// <param name="sps">What it says.</param>
    public static OperationStatus TryRead(ReadOnlySpan<byte> nalUnit, out AvcSps sps)
    {
        sps = default;
        BitReader bits = new(nalUnit, hasEmulationPrevention: true);
        uint header = bits.Bits(8);
        byte profile = (byte)bits.Bits(8);
        byte compatibility = (byte)bits.Bits(8);
        byte level = (byte)bits.Bits(8);
        if (bits.Status == OperationStatus.Done && (header & 0x1F) != SpsType)
        {
            return OperationStatus.InvalidData;
        }

        bits.UnsignedGolomb(); // id
        int chromaFormat = 1;
        int bitDepth = 8;
        bool hasSeparatePlanes = false;
        if (HasChromaFields(profile))
        {
            chromaFormat = (int)bits.UnsignedGolomb();
            hasSeparatePlanes = chromaFormat == 3 && bits.Flag();
            bitDepth = (int)Math.Min(bits.UnsignedGolomb(), 64) + 8;
            bits.UnsignedGolomb(); // bit depth of chroma
            bits.Flag(); // lossless bypass
            SkipScalingMatrix(ref bits, chromaFormat);
        }

        bits.UnsignedGolomb(); // frame number
        SkipPictureOrder(ref bits);
        bits.UnsignedGolomb(); // reference frames
        bits.Flag(); // gaps in frame numbers
        (long width, long height) = ReadSize(ref bits, hasSeparatePlanes ? 0 : chromaFormat);
        if (bits.Status != OperationStatus.Done)
        {
            return bits.Status;
        }

        if (chromaFormat is < 0 or > 3 || bitDepth > 14 || width is < 1 or > SideMax || height is < 1 or > SideMax)
        {
            return OperationStatus.InvalidData;
        }

        sps = new AvcSps(profile, compatibility, level, chromaFormat, bitDepth, (int)width, (int)height, VideoUsability.ReadTransfer(ref bits));
        return OperationStatus.Done;
    }

    private static bool HasChromaFields(byte profile) =>
        profile is 100 or 110 or 122 or 244 or 44 or 83 or 86 or 118 or 128 or 138 or 139 or 134 or 135;

    private static (long Width, long Height) ReadSize(ref BitReader bits, int chromaArray)
    {
        long width = ((long)bits.UnsignedGolomb() + 1) * 16;
        long mapUnits = (long)bits.UnsignedGolomb() + 1;
        bool isProgressive = bits.Flag();
        int fieldsPerUnit = isProgressive ? 1 : 2;
        if (!isProgressive)
        {
            bits.Flag(); // adaptive frame and field
        }

        bits.Flag(); // direct inference
        long height = mapUnits * 16 * fieldsPerUnit;
        if (bits.Flag())
        {
            int unitX = chromaArray is 1 or 2 ? 2 : 1;
            int unitY = (chromaArray == 1 ? 2 : 1) * fieldsPerUnit;
            width -= unitX * ((long)bits.UnsignedGolomb() + bits.UnsignedGolomb());
            height -= unitY * ((long)bits.UnsignedGolomb() + bits.UnsignedGolomb());
        }

        return (width, height);
    }

    private static void SkipScalingMatrix(ref BitReader bits, int chromaFormat)
    {
        if (!bits.Flag())
        {
            return;
        }

        int lists = chromaFormat == 3 ? 12 : 8;
        for (int list = 0; list < lists; list++)
        {
            if (bits.Flag())
            {
                SkipScalingList(ref bits, list < 6 ? 16 : 64);
            }
        }
    }

    private static void SkipScalingList(ref BitReader bits, int size)
    {
        int last = 8;
        int next = 8;
        for (int index = 0; index < size; index++)
        {
            if (next != 0)
            {
                next = (last + bits.SignedGolomb()) & 0xFF;
            }

            last = next == 0 ? last : next;
        }
    }

    private static void SkipPictureOrder(ref BitReader bits)
    {
        uint type = bits.UnsignedGolomb();
        if (type == 0)
        {
            bits.UnsignedGolomb(); // bits of the order count
        }
        else if (type == 1)
        {
            bits.Flag(); // delta always zero
            bits.SignedGolomb(); // offset for non-reference pictures
            bits.SignedGolomb(); // offset from top to bottom field
            uint cycle = bits.UnsignedGolomb();
            for (uint index = 0; index < cycle && bits.Status == OperationStatus.Done; index++)
            {
                bits.SignedGolomb();
            }
        }
    }
}
