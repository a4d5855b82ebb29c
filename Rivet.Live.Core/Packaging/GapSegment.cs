using Rivet.Live.Core.Boxes;

namespace Rivet.Live.Core.Packaging;

/// <summary>
/// What the URI of a segment or part without media names: a segment type box and nothing else. Players that know EXT-X-GAP never ask for
/// it; those that do not read a segment without samples and go on with the next.
/// </summary>
internal static class GapSegment
{
    public static ReadOnlyMemory<byte> Bytes { get; } = Write();

    private static ReadOnlyMemory<byte> Write()
    {
        BoxWriter boxes = new();
        using (boxes.Open(BoxType.Styp))
        {
            boxes.UInt32(BoxType.Of("msdh").Code);
            boxes.UInt32(0);
            boxes.UInt32(BoxType.Of("msdh").Code);
            boxes.UInt32(BoxType.Of("msix").Code);
        }

        return boxes.WrittenMemory;
    }
}
