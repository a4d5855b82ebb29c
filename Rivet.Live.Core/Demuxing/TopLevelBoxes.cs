using System.Buffers;
using System.Buffers.Binary;

using Rivet.Live.Core.Boxes;

namespace Rivet.Live.Core.Demuxing;

/// <summary>What may stand at the top level of a body, and the refusals of what may not.</summary>
internal static class TopLevelBoxes
{
    /// <summary>What an ISO base media file or segment may begin with.</summary>
    private static readonly HashSet<BoxType> Beginnings =
    [
        BoxType.Ftyp, BoxType.Styp, BoxType.Moov, BoxType.Moof, BoxType.Mdat, BoxType.Free, BoxType.Skip, BoxType.Wide, BoxType.Sidx,
        BoxType.Prft, BoxType.Emsg, BoxType.Uuid, BoxType.Pdin, BoxType.Meta, BoxType.Mfra,
    ];

    /// <param name="header">The first 8 bytes of the box, or more.</param>
    /// <param name="status">What reading them gave.</param>
    /// <param name="isFirst">True for the first box of a body.</param>
    /// <param name="offset">Where the box begins.</param>
    public static void RequireType(ReadOnlySpan<byte> header, OperationStatus status, bool isFirst, long offset)
    {
        BoxType type = new(BinaryPrimitives.ReadUInt32BigEndian(header[4..]));
        if (isFirst && !Beginnings.Contains(type))
        {
            throw new IngestRejectedException(
                IngestRejectReason.NotIsoBmff,
                $"the body begins with the bytes {Convert.ToHexStringLower(header[..8])}, which begin no MP4 stream: expected " +
                "an 'ftyp', 'styp', 'moov' " +
                "or 'moof' box. Push fragmented MP4 (ffmpeg: -f mp4 -movflags +frag_keyframe+empty_moov+default_base_moof).",
                offset,
                string.Empty);
        }

        if (!type.IsPrintable)
        {
            throw new IngestRejectedException(
                IngestRejectReason.MalformedBox,
                $"the bytes {Convert.ToHexStringLower(header[..8])} stand where a box should begin. The box before has a wrong " +
                "size, or bytes were lost on the way.",
                offset,
                string.Empty);
        }

        if (status == OperationStatus.InvalidData)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(header);
            string advice = type == BoxType.Moov
                ? "The muxer died while it wrote its header (ffmpeg with AC-3 or E-AC-3: add -movflags +delay_moov)."
                : type == BoxType.Mdat
                    ? "An endless 'mdat' has no fragments to play: have fragmented MP4 written (GStreamer: mp4mux streamable=true)."
                    : "The publisher's muxer is broken or bytes were lost on the way.";
            throw new IngestRejectedException(
                IngestRejectReason.MalformedBox,
                $"the size field of '{type}' is {size}; a box in a live stream must say its own size, header included. {advice}",
                offset,
                type.ToString());
        }
    }

    public static void RequireMoovBefore(in BoxHeader header, bool hasTracks, long offset)
    {
        if (header.Type == BoxType.Moof && !hasTracks)
        {
            throw new IngestRejectedException(
                IngestRejectReason.MediaBeforeInit,
                "a 'moof' came before any 'moov', so nobody can know its tracks. Send the init segment (ftyp and moov) first, " +
                "on every new connection.",
                offset,
                "moof");
        }
    }

    public static void RequireSize(in BoxHeader header, IngestLimits limits, long offset)
    {
        if (header.BoxBytes > limits.MaxHeaderBoxBytes)
        {
            throw new IngestRejectedException(
                IngestRejectReason.BoxTooLarge,
                $"'{header.Type}' has {header.BoxBytes} bytes; at most {limits.MaxHeaderBoxBytes} are read. " +
                "A live stream's headers are far smaller: let the publisher write shorter fragments and no sample tables.",
                offset,
                header.Type.ToString());
        }
    }
}
