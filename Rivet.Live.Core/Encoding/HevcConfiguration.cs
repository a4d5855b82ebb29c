using System.Buffers;
using Rivet.Live.Core.Bitstream;
using Rivet.Live.Core.Boxes;

namespace Rivet.Live.Core.Encoding;

/// <summary>hvcC of an HEVC encoder.</summary>
internal static class HevcConfiguration
{
    /// <summary>Bit 7 of an array's type: all such parameter sets are here, none in the samples.</summary>
    private const int IsComplete = 0x80;

    /// <param name="annexB">The encoder's extradata: VPS, SPS and PPS with start codes.</param>
    /// <param name="encoderName">For error texts.</param>
    /// <exception cref="InvalidDataException">A VPS, SPS or PPS is missing, or the SPS cannot be read.</exception>
    public static CodecConfiguration Read(ReadOnlySpan<byte> annexB, string encoderName)
    {
        List<byte[]> units = [];
        ReadOnlySpan<byte> rest = annexB;
        while (NalUnits.TryTake(ref rest, out ReadOnlySpan<byte> unit))
        {
            units.Add(unit.ToArray());
        }

        ILookup<int, byte[]> byType = units.ToLookup(static unit => HevcUnits.TypeOf(unit));
        bool isWhole = byType.Contains(HevcUnits.Vps) && byType.Contains(HevcUnits.Sps) && byType.Contains(HevcUnits.Pps);
        if (!isWhole || HevcSps.TryRead(byType[HevcUnits.Sps].First(), out HevcSps sps) != OperationStatus.Done)
        {
            throw new InvalidDataException(
                $"{encoderName} gave {byType[HevcUnits.Vps].Count()} VPS, {byType[HevcUnits.Sps].Count()} SPS and {byType[HevcUnits.Pps].Count()} PPS "
                + $"in {annexB.Length} bytes of headers; at least one of each, readable, was expected.");
        }

        byte[] record = WriteRecord(sps, byType);
        _ = HvcC.TryRead(record, out HvcC hvcC);
        return new CodecConfiguration(BoxType.Hvc1, BoxType.HvcC, record, CodecStrings.Hevc(BoxType.Hvc1, hvcC));
    }

    // HEVCDecoderConfigurationRecord, ISO/IEC 14496-15 section 8.3.3.1. Segmentation, parallelism and frame rate are left unsaid.
    private static byte[] WriteRecord(in HevcSps sps, ILookup<int, byte[]> byType)
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
        record.UInt8((byte)((sps.TemporalLayers << 3) | (sps.IsTemporallyNested ? 4 : 0) | (NalUnits.LengthBytes - 1)));
        ReadOnlySpan<int> types = [HevcUnits.Vps, HevcUnits.Sps, HevcUnits.Pps];
        record.UInt8((byte)types.Length);
        foreach (int type in types)
        {
            record.UInt8((byte)(IsComplete | type));
            record.UInt16((ushort)byType[type].Count());
            foreach (byte[] unit in byType[type])
            {
                record.UInt16((ushort)unit.Length);
                record.Bytes(unit);
            }
        }

        return record.WrittenMemory.ToArray();
    }
}
