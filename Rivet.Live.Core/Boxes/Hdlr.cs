using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>hdlr — Handler Reference. In: mdia. ISO/IEC 14496-12 §8.4.3.</summary>
/// <param name="Handler"><c>vide</c>, <c>soun</c>, or what else the track is.</param>
internal readonly record struct Hdlr(BoxType Handler)
{
    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out Hdlr hdlr)
    {
        FieldReader fields = FieldReader.OfFullBox(payload, out _, out _);
        fields.Skip(4); // pre-defined
        hdlr = new Hdlr(new BoxType(fields.UInt32()));
        return fields.Status;
    }

    public void Write(BoxWriter boxes)
    {
        using (boxes.OpenFull(BoxType.Hdlr, version: 0, flags: 0))
        {
            boxes.UInt32(0);
            boxes.UInt32(Handler.Code);
            boxes.Zeros(12);
            boxes.ZeroTerminated("Rivet.Live");
        }
    }
}
