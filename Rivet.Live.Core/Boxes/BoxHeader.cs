using System.Buffers;
using System.Buffers.Binary;

namespace Rivet.Live.Core.Boxes;

/// <summary>The first bytes of any box: how long it is and what it is. ISO/IEC 14496-12 §4.2.</summary>
/// <param name="Type">What the box is.</param>
/// <param name="HeaderBytes">8, 16 with a 64-bit size, and 16 more for a <c>uuid</c> box.</param>
/// <param name="PayloadBytes">Bytes after the header.</param>
/// <param name="UserType">The extended type of a <c>uuid</c> box, else empty.</param>
internal readonly record struct BoxHeader(BoxType Type, int HeaderBytes, long PayloadBytes, Guid UserType)
{
    /// <summary>A 64-bit size and an extended type: no header is longer.</summary>
    public const int BytesMax = 32;

    /// <summary>Header and payload.</summary>
    public long BoxBytes => HeaderBytes + PayloadBytes;

    /// <summary>Reads a header. Size 0 ("to the end of the file") is invalid: a live stream has no end of file.</summary>
    public static OperationStatus TryRead(ReadOnlySpan<byte> bytes, out BoxHeader header)
    {
        header = default;
        FieldReader fields = new(bytes);
        ulong boxBytes = fields.UInt32();
        BoxType type = new(fields.UInt32());
        int headerBytes = 8;
        if (boxBytes == 1)
        {
            boxBytes = fields.UInt64();
            headerBytes += 8;
        }

        ReadOnlySpan<byte> userType = default;
        if (type == BoxType.Uuid)
        {
            userType = fields.Take(16);
            headerBytes += 16;
        }

        if (fields.Status != OperationStatus.Done)
        {
            // A size that no further byte can mend is said at once, so that nobody waits for the rest of the header.
            return HasHopelessSize(bytes) ? OperationStatus.InvalidData : fields.Status;
        }

        if (boxBytes < (ulong)headerBytes || boxBytes > long.MaxValue)
        {
            return OperationStatus.InvalidData;
        }

        Guid extended = userType.IsEmpty ? Guid.Empty : new Guid(userType, bigEndian: true);
        header = new BoxHeader(type, headerBytes, (long)boxBytes - headerBytes, extended);
        return OperationStatus.Done;
    }

    private static bool HasHopelessSize(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 8 && BinaryPrimitives.ReadUInt32BigEndian(bytes) is 0 or (> 1 and < 8);
}
