using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>trex — Track Extends: what a track's fragments leave out. In: mvex. ISO/IEC 14496-12 §8.8.3.</summary>
internal readonly record struct Trex(uint TrackId, uint SampleDescriptionIndex, uint Duration, uint Size, uint Flags)
{
    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out Trex trex)
    {
        FieldReader fields = FieldReader.OfFullBox(payload, out _, out _);
        trex = new Trex(fields.UInt32(), fields.UInt32(), fields.UInt32(), fields.UInt32(), fields.UInt32());
        return fields.Status;
    }

    public void Write(BoxWriter boxes)
    {
        using (boxes.OpenFull(BoxType.Trex, version: 0, flags: 0))
        {
            boxes.UInt32(TrackId);
            boxes.UInt32(SampleDescriptionIndex);
            boxes.UInt32(Duration);
            boxes.UInt32(Size);
            boxes.UInt32(Flags);
        }
    }
}
