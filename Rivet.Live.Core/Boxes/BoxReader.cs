using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>Walks boxes that follow one another. Nothing is consumed unless the answer is <see cref="OperationStatus.Done"/>.</summary>
internal ref struct BoxReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Bytes read so far: where the next box begins.</summary>
    public int Consumed { get; private set; }

    public readonly bool IsAtEnd => Consumed == _bytes.Length;

    /// <summary>The next box, whole.</summary>
    public OperationStatus TryReadBox(out BoxHeader header, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        OperationStatus status = BoxHeader.TryRead(_bytes[Consumed..], out header);
        if (status != OperationStatus.Done)
        {
            return status;
        }

        if (header.BoxBytes > _bytes.Length - Consumed)
        {
            return OperationStatus.NeedMoreData;
        }

        payload = _bytes.Slice(Consumed + header.HeaderBytes, (int)header.PayloadBytes);
        Consumed += (int)header.BoxBytes;
        return OperationStatus.Done;
    }
}
