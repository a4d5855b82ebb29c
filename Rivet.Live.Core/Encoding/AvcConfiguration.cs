using System.Buffers;
using Rivet.Live.Core.Bitstream;
using Rivet.Live.Core.Boxes;

namespace Rivet.Live.Core.Encoding;

/// <summary>avcC of an H.264 encoder.</summary>
internal static class AvcConfiguration
{
    /// <param name="annexB">The encoder's extradata: SPS and PPS with start codes.</param>
    /// <param name="encoderName">For error texts.</param>
    /// <exception cref="InvalidDataException">There is no SPS or no PPS, or the SPS cannot be read.</exception>
    public static CodecConfiguration Read(ReadOnlySpan<byte> annexB, string encoderName)
    {
        List<byte[]> spsUnits = [];
        List<byte[]> ppsUnits = [];
        ReadOnlySpan<byte> rest = annexB;
        while (NalUnits.TryTake(ref rest, out ReadOnlySpan<byte> unit))
        {
            if (AvcUnits.IsSps(unit))
            {
                spsUnits.Add(unit.ToArray());
            }
            else if (AvcUnits.IsPps(unit))
            {
                ppsUnits.Add(unit.ToArray());
            }
        }

        if (ppsUnits.Count == 0 || spsUnits.Count == 0 || AvcSps.TryRead(spsUnits[0], out AvcSps sps) != OperationStatus.Done)
        {
            throw new InvalidDataException(
                $"{encoderName} gave {spsUnits.Count} SPS and {ppsUnits.Count} PPS in {annexB.Length} bytes of headers; "
                + "at least one of each, readable, was expected.");
        }

        byte[] record = AvcC.WriteRecord(sps, spsUnits, ppsUnits, NalUnits.LengthBytes);
        _ = AvcC.TryRead(record, out AvcC avcC);
        return new CodecConfiguration(BoxType.Avc1, BoxType.AvcC, record, CodecStrings.Avc(BoxType.Avc1, avcC));
    }
}
