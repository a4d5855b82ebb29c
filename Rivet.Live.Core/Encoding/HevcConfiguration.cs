using System.Buffers;
using Rivet.Live.Core.Bitstream;
using Rivet.Live.Core.Boxes;

namespace Rivet.Live.Core.Encoding;

/// <summary>hvcC of an HEVC encoder.</summary>
internal static class HevcConfiguration
{
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

        byte[] record = HvcC.WriteRecord(sps, byType, NalUnits.LengthBytes);
        _ = HvcC.TryRead(record, out HvcC hvcC);
        return new CodecConfiguration(BoxType.Hvc1, BoxType.HvcC, record, CodecStrings.Hevc(BoxType.Hvc1, hvcC));
    }
}
