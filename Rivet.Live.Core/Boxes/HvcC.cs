using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>hvcC — HEVC Decoder Configuration. In: hvc1, hev1. ISO/IEC 14496-15 §8.3.3.</summary>
/// <param name="ProfileSpace">general_profile_space, 0 to 3.</param>
/// <param name="IsHighTier">general_tier_flag.</param>
/// <param name="Profile">general_profile_idc.</param>
/// <param name="Compatibility">general_profile_compatibility_flags, flag 0 in the high bit.</param>
/// <param name="Constraints">The six general_constraint_indicator bytes, first one highest.</param>
/// <param name="Level">general_level_idc: 93 is level 3.1.</param>
internal readonly record struct HvcC(byte ProfileSpace, bool IsHighTier, byte Profile, uint Compatibility, ulong Constraints, byte Level)
{
    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out HvcC hvcC)
    {
        FieldReader fields = new(payload);
        bool isVersion1 = fields.UInt8() == 1;
        byte profile = fields.UInt8();
        uint compatibility = fields.UInt32();
        ulong constraints = ((ulong)fields.UInt32() << 16) | fields.UInt16();
        hvcC = new HvcC((byte)(profile >> 6), (profile & 0x20) != 0, (byte)(profile & 0x1F), compatibility, constraints, fields.UInt8());
        fields.Skip(10); // segmentation, parallelism, chroma format, bit depths, frame rate, length size, number of arrays
        return fields.Status == OperationStatus.Done && !isVersion1 ? OperationStatus.InvalidData : fields.Status;
    }
}
