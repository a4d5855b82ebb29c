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
internal readonly record struct HvcC(
    byte ProfileSpace, bool IsHighTier, byte Profile, uint Compatibility, ulong Constraints, byte Level, int SpsOffset, int SpsBytes)
{
    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out HvcC hvcC)
    {
        FieldReader fields = new(payload);
        bool isVersion1 = fields.UInt8() == 1;
        byte profile = fields.UInt8();
        uint compatibility = fields.UInt32();
        ulong constraints = ((ulong)fields.UInt32() << 16) | fields.UInt16();
        byte level = fields.UInt8();
        fields.Skip(9); // segmentation, parallelism, chroma format, bit depths, frame rate, length size
        (int offset, int bytes) = FindSps(ref fields, payload.Length);
        hvcC = new HvcC((byte)(profile >> 6), (profile & 0x20) != 0, (byte)(profile & 0x1F), compatibility, constraints, level, offset, bytes);
        return fields.Status == OperationStatus.Done && !isVersion1 ? OperationStatus.InvalidData : fields.Status;
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
