using System.Buffers;
using Rivet.Live.Core.Bitstream;
using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Encoding;

/// <summary>Bits of a source's samples, before its first picture is decoded.</summary>
internal static class SourceDepth
{
    /// <summary>What its init segment says; 8 where that says nothing.</summary>
    public static int Of(TrackDescription track)
    {
        ReadOnlySpan<byte> record = track.CodecConfiguration.Span;
        return track.SampleEntryType switch
        {
            "avc1" or "avc3" when AvcC.TryRead(record, out AvcC avcC) == OperationStatus.Done
                && AvcSps.TryRead(record.Slice(avcC.SpsOffset, avcC.SpsBytes), out AvcSps sps) == OperationStatus.Done => sps.BitDepth,
            "hvc1" or "hev1" when HvcC.TryRead(record, out HvcC hvcC) == OperationStatus.Done
                && HevcSps.TryRead(record.Slice(hvcC.SpsOffset, hvcC.SpsBytes), out HevcSps sps) == OperationStatus.Done => sps.BitDepth,
            "av01" when Av1C.TryRead(record, out Av1C av1C) == OperationStatus.Done => av1C.BitDepth,
            "vp09" when VpcC.TryRead(record, out VpcC vpcC) == OperationStatus.Done => vpcC.BitDepth,
            _ => 8,
        };
    }
}
