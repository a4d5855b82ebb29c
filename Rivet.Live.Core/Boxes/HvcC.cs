using System.Buffers;
using Rivet.Live.Core.Bitstream;

namespace Rivet.Live.Core.Boxes;

/// <summary>hvcC — HEVC Decoder Configuration. In: hvc1, hev1. ISO/IEC 14496-15 §8.3.3.</summary>
/// <param name="ProfileSpace">general_profile_space, 0 to 3.</param>
/// <param name="IsHighTier">general_tier_flag.</param>
/// <param name="Profile">general_profile_idc.</param>
/// <param name="Compatibility">general_profile_compatibility_flags, flag 0 in the high bit.</param>
/// <param name="Constraints">The six general_constraint_indicator bytes, first one highest.</param>
/// <param name="Level">general_level_idc: 93 is level 3.1.</param>
/// <param name="SpsOffset">Where in the payload the first SPS lies; 0 where there is none (hev1 may send it in band).</param>
/// <param name="SpsBytes">Its size.</param>
/// <param name="LengthBytes">Bytes of the length before each NAL unit: 1, 2 or 4.</param>
internal readonly record struct HvcC(
    byte ProfileSpace, bool IsHighTier, byte Profile, uint Compatibility, ulong Constraints, byte Level, int SpsOffset, int SpsBytes, int LengthBytes = 4)
{
    /// <summary>Bit 7 of an array's type: all such parameter sets are here, none in the samples.</summary>
    private const int IsComplete = 0x80;

    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out HvcC hvcC)
    {
        FieldReader fields = new(payload);
        bool isVersion1 = fields.UInt8() == 1;
        byte profile = fields.UInt8();
        uint compatibility = fields.UInt32();
        ulong constraints = ((ulong)fields.UInt32() << 16) | fields.UInt16();
        byte level = fields.UInt8();
        fields.Skip(8); // segmentation, parallelism, chroma format, bit depths, frame rate
        int lengthBytes = (fields.UInt8() & 0x3) + 1;
        (int offset, int bytes) = FindSps(ref fields, payload.Length);
        hvcC = new HvcC((byte)(profile >> 6), (profile & 0x20) != 0, (byte)(profile & 0x1F), compatibility, constraints, level, offset, bytes, lengthBytes);
        return fields.Status == OperationStatus.Done && !isVersion1 ? OperationStatus.InvalidData : fields.Status;
    }

    /// <summary>The payload for these parameter sets. Segmentation, parallelism and frame rate are left unsaid.</summary>
    /// <param name="sps">What the first SPS says.</param>
    /// <param name="byType">VPS, SPS and PPS.</param>
    /// <param name="lengthBytes">See <see cref="LengthBytes"/>.</param>
    public static byte[] WriteRecord(in HevcSps sps, ILookup<int, byte[]> byType, int lengthBytes)
    {
        BoxWriter record = new();
        record.UInt8(1);
        record.UInt8((byte)((sps.ProfileSpace << 6) | (sps.IsHighTier ? 0x20 : 0) | sps.Profile));
        record.UInt32(sps.Compatibility);
        record.UInt32((uint)(sps.Constraints >> 16));
        record.UInt16((ushort)sps.Constraints);
        record.UInt8(sps.Level);
        record.UInt16(0xF000);
        record.UInt8(0xFC);
        record.UInt8((byte)(0xFC | sps.ChromaFormat));
        record.UInt8((byte)(0xF8 | (sps.BitDepth - 8)));
        record.UInt8((byte)(0xF8 | (sps.ChromaBitDepth - 8)));
        record.UInt16(0);
        record.UInt8((byte)((sps.TemporalLayers << 3) | (sps.IsTemporallyNested ? 4 : 0) | (lengthBytes - 1)));
        ReadOnlySpan<int> types = [HevcUnits.Vps, HevcUnits.Sps, HevcUnits.Pps];
        record.UInt8((byte)types.Length);
        foreach (int type in types)
        {
            record.UInt8((byte)(IsComplete | type));
            record.UInt16((ushort)byType[type].Count());
            foreach (byte[] unit in byType[type])
            {
                record.UInt16(checked((ushort)unit.Length));
                record.Bytes(unit);
            }
        }

        return record.WrittenMemory.ToArray();
    }

    private static (int Offset, int Bytes) FindSps(ref FieldReader fields, int payloadBytes)
    {
        int arrays = fields.UInt8();
        for (int array = 0; array < arrays && fields.Status == OperationStatus.Done; array++)
        {
            int type = fields.UInt8() & 0x3F;
            int units = fields.UInt16();
            for (int unit = 0; unit < units && fields.Status == OperationStatus.Done; unit++)
            {
                int bytes = fields.UInt16();
                int offset = payloadBytes - fields.Remaining;
                fields.Skip(bytes);
                if (type == HevcUnits.Sps && fields.Status == OperationStatus.Done)
                {
                    return (offset, bytes);
                }
            }
        }

        return (0, 0);
    }
}
