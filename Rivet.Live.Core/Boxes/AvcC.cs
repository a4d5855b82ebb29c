using System.Buffers;
using Rivet.Live.Core.Bitstream;

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

    /// <summary>The payload for these parameter sets.</summary>
    /// <param name="sps">What the first SPS says.</param>
    /// <param name="spsUnits">At least one, at most 31.</param>
    /// <param name="ppsUnits">At most 255.</param>
    /// <param name="lengthBytes">See <see cref="LengthBytes"/>.</param>
    public static byte[] WriteRecord(in AvcSps sps, IReadOnlyCollection<byte[]> spsUnits, IReadOnlyCollection<byte[]> ppsUnits, int lengthBytes)
    {
        BoxWriter record = new();
        record.Bytes([1, sps.Profile, sps.Compatibility, sps.Level, (byte)(0xFC | (lengthBytes - 1))]);
        record.UInt8((byte)(0xE0 | spsUnits.Count));
        WriteUnits(record, spsUnits);
        record.UInt8((byte)ppsUnits.Count);
        WriteUnits(record, ppsUnits);

        // High and its relatives say chroma and depth again; no SPS extensions follow.
        if (sps.Profile is not (66 or 77 or 88))
        {
            record.Bytes([(byte)(0xFC | sps.ChromaFormat), (byte)(0xF8 | (sps.BitDepth - 8)), (byte)(0xF8 | (sps.BitDepth - 8)), 0]);
        }

        return record.WrittenMemory.ToArray();
    }

    private static void WriteUnits(BoxWriter record, IEnumerable<byte[]> units)
    {
        foreach (byte[] unit in units)
        {
            record.UInt16(checked((ushort)unit.Length));
            record.Bytes(unit);
        }
    }
}
