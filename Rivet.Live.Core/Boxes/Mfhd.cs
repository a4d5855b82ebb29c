using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>mfhd — Movie Fragment Header. In: moof. ISO/IEC 14496-12 §8.8.5.</summary>
internal readonly record struct Mfhd(uint SequenceNumber)
{
    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out Mfhd mfhd)
    {
        FieldReader fields = FieldReader.OfFullBox(payload, out _, out _);
        mfhd = new Mfhd(fields.UInt32());
        return fields.Status;
    }

    public void Write(BoxWriter boxes)
    {
        using (boxes.OpenFull(BoxType.Mfhd, version: 0, flags: 0))
        {
            boxes.UInt32(SequenceNumber);
        }
    }
}
