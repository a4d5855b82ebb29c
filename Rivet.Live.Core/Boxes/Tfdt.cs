using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>tfdt — Track Fragment Decode Time. In: traf. ISO/IEC 14496-12 §8.8.12.</summary>
internal readonly record struct Tfdt(ulong BaseMediaDecodeTime)
{
    /// <summary>Bytes that <see cref="Write"/> takes.</summary>
    public const int BoxBytes = 20;

    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out Tfdt tfdt)
    {
        FieldReader fields = FieldReader.OfFullBox(payload, out byte version, out _);
        tfdt = new Tfdt(fields.UInt32Or64(version));
        return fields.Status;
    }

    /// <summary>Always version 1: one shape out, two shapes in.</summary>
    public void Write(BoxWriter boxes)
    {
        using (boxes.OpenFull(BoxType.Tfdt, version: 1, flags: 0))
        {
            boxes.UInt64(BaseMediaDecodeTime);
        }
    }
}
