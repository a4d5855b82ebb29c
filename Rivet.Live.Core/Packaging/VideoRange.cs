using System.Buffers;
using Rivet.Live.Core.Bitstream;
using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Packaging;

/// <summary>VIDEO-RANGE of the master playlist (RFC 8216bis 4.4.6.2): read from the sample entry and parameter sets that are really sent.</summary>
internal static class VideoRange
{
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

    /// <summary>The H.264 parameter set has the word; other codecs say it in the colour box, if at all.</summary>
    private static byte? TransferOf(TrackDescription track)
    {
        ReadOnlySpan<byte> configuration = track.CodecConfiguration.Span;
        if (track.SampleEntryType is "avc1" or "avc3"
            && AvcC.TryRead(configuration, out AvcC avcC) == OperationStatus.Done
            && AvcSps.TryRead(configuration.Slice(avcC.SpsOffset, avcC.SpsBytes), out AvcSps sps) == OperationStatus.Done)
        {
            return sps.Transfer;
        }

        BoxReader entry = new(track.SampleEntry.Span);
        return entry.TryReadBox(out _, out ReadOnlySpan<byte> payload) == OperationStatus.Done && payload.Length > VisualSampleEntry.PrefixBytes
            ? ColourBoxTransfer(new BoxReader(payload[VisualSampleEntry.PrefixBytes..]))
            : null;
    }

    private static byte? ColourBoxTransfer(BoxReader children)
    {
        while (children.TryReadBox(out BoxHeader child, out ReadOnlySpan<byte> payload) == OperationStatus.Done)
        {
            // nclx, primaries, transfer characteristics: ISO/IEC 14496-12 §12.1.5.
            if (child.Type == BoxType.Of("colr") && payload.Length >= 8 && payload.StartsWith("nclx"u8))
            {
                return payload[7];
            }
        }

        return null;
    }
}
