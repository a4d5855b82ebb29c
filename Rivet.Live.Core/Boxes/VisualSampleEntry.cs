using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>avc1, hvc1, av01, vp09 … — Visual Sample Entry. In: stsd. ISO/IEC 14496-12 §12.1.3.</summary>
internal readonly record struct VisualSampleEntry(ushort Width, ushort Height)
{
    /// <summary>Bytes before the first child box.</summary>
    public const int PrefixBytes = 78;

    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out VisualSampleEntry entry)
    {
        FieldReader fields = new(payload);
        fields.Skip(6 + 2 + 16); // reserved, data reference, pre-defined
        entry = new VisualSampleEntry(fields.UInt16(), fields.UInt16());
        fields.Skip(PrefixBytes - 28); // resolution, frame count, compressor name, depth
        return fields.Status;
    }

    /// <summary>Begins the sample entry; the caller writes the codec configuration box before it disposes the scope.</summary>
    public BoxScope Open(BoxWriter boxes, BoxType type)
    {
        BoxScope scope = boxes.Open(type);
        boxes.Zeros(6);
        boxes.UInt16(1); // data reference
        boxes.Zeros(16);
        boxes.UInt16(Width);
        boxes.UInt16(Height);
        boxes.UInt32(0x00480000); // 72 dpi
        boxes.UInt32(0x00480000);
        boxes.Zeros(4);
        boxes.UInt16(1); // frames per sample
        boxes.Zeros(32); // compressor name
        boxes.UInt16(0x0018); // colour, no alpha
        boxes.UInt16(0xFFFF);
        return scope;
    }
}
