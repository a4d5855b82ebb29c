using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>avcC — AVC Decoder Configuration. In: avc1, avc3. ISO/IEC 14496-15 §5.3.3.</summary>
/// <param name="Profile">profile_idc.</param>
/// <param name="Compatibility">The constraint flags.</param>
/// <param name="Level">level_idc: 31 is level 3.1.</param>
/// <param name="LengthBytes">Bytes of the length before each NAL unit: 1, 2 or 4.</param>
/// <param name="SpsOffset">Where in the payload the first SPS lies; 0 where there is none (avc3 may send it in band).</param>
/// <param name="SpsBytes">Its size.</param>
internal readonly record struct AvcC(byte Profile, byte Compatibility, byte Level, int LengthBytes, int SpsOffset, int SpsBytes)
{
    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out AvcC avcC)
    {
        FieldReader fields = new(payload);
        bool isVersion1 = fields.UInt8() == 1;
        byte profile = fields.UInt8();
        byte compatibility = fields.UInt8();
        byte level = fields.UInt8();
        int lengthBytes = (fields.UInt8() & 0x3) + 1;
        int spsCount = fields.UInt8() & 0x1F;
        int spsBytes = spsCount > 0 ? fields.UInt16() : 0;
        fields.Skip(spsBytes);
        avcC = new AvcC(profile, compatibility, level, lengthBytes, spsCount > 0 ? 8 : 0, spsBytes);
        return fields.Status == OperationStatus.Done && !isVersion1 ? OperationStatus.InvalidData : fields.Status;
    }
}
