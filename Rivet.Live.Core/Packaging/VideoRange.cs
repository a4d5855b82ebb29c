using System.Buffers;
using Rivet.Live.Core.Bitstream;
using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Packaging;

/// <summary>VIDEO-RANGE of the master playlist (RFC 8216bis 4.4.6.2): read from the sample entry and parameter sets that are really sent.</summary>
internal static class VideoRange
{
    private const byte Unspecified = 2;
    private const byte Pq = 16;
    private const byte Hlg = 18;

    /// <returns><c>SDR</c>, <c>PQ</c> or <c>HLG</c>; null where the track does not say.</returns>
    public static string? Of(TrackDescription track) => TransferOf(track) switch
    {
        Pq => "PQ",
        Hlg => "HLG",
        null => null,
        _ => "SDR",
    };

    /// <summary>The parameter set has the word; where it says nothing, the colour box does.</summary>
    private static byte? TransferOf(TrackDescription track)
    {
        ReadOnlySpan<byte> configuration = track.CodecConfiguration.Span;
        byte? transfer = track.SampleEntryType switch
        {
            "avc1" or "avc3" => OfAvc(configuration),
            "hvc1" or "hev1" => OfHevc(configuration),
            "av01" => OfAv1(configuration),
            _ => null,
        };
        return transfer is null or Unspecified ? OfColourBox(track.SampleEntry.Span) ?? transfer : transfer;
    }

    private static byte? OfAvc(ReadOnlySpan<byte> configuration) =>
        AvcC.TryRead(configuration, out AvcC avcC) == OperationStatus.Done
        && AvcSps.TryRead(configuration.Slice(avcC.SpsOffset, avcC.SpsBytes), out AvcSps sps) == OperationStatus.Done ? sps.Transfer : null;

    private static byte? OfHevc(ReadOnlySpan<byte> configuration) =>
        HvcC.TryRead(configuration, out HvcC hvcC) == OperationStatus.Done
        && HevcSps.TryRead(configuration.Slice(hvcC.SpsOffset, hvcC.SpsBytes), out HevcSps sps) == OperationStatus.Done ? sps.Transfer : null;

    private static byte? OfAv1(ReadOnlySpan<byte> configuration) =>
        configuration.Length > Av1C.UnitsOffset
        && Obus.TryFindSequenceHeader(configuration[Av1C.UnitsOffset..], out _, out ReadOnlySpan<byte> payload)
        && Av1SequenceHeader.TryRead(payload, out Av1SequenceHeader header) == OperationStatus.Done ? header.Color.Transfer : null;

    private static byte? OfColourBox(ReadOnlySpan<byte> sampleEntry)
    {
        BoxReader entry = new(sampleEntry);
        return entry.TryReadBox(out _, out ReadOnlySpan<byte> payload) == OperationStatus.Done && payload.Length > VisualSampleEntry.PrefixBytes
            ? ColourBoxTransfer(new BoxReader(payload[VisualSampleEntry.PrefixBytes..]))
            : null;
    }

    private static byte? ColourBoxTransfer(BoxReader children)
    {
        while (children.TryReadBox(out BoxHeader child, out ReadOnlySpan<byte> payload) == OperationStatus.Done)
        {
            // nclx, primaries, transfer characteristics: ISO/IEC 14496-12 §12.1.5.
            if (child.Type == BoxType.Colr && payload.Length >= 8 && payload.StartsWith("nclx"u8))
            {
                return payload[7];
            }
        }

        return null;
    }
}
