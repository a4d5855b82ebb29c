using Rivet.Live.Core.Boxes;

namespace Rivet.Live.Core.Packaging;

/// <summary>
/// What the URI of a segment without media names: a movie fragment that has a time and no sample. Players that know EXT-X-GAP never ask
/// for it; those that do not (FFmpeg 5, GStreamer 1.22) read it and go on with the next.
/// </summary>
internal static class GapSegment
{
    /// <param name="start">When the media that is missing would begin, on the track's own timescale.</param>
    public static ReadOnlyMemory<byte> Write(long start)
    {
        BoxWriter boxes = new();
        using (boxes.Open(BoxType.Styp))
        {
            boxes.UInt32(BoxType.Of("msdh").Code);
            boxes.UInt32(0);
            boxes.UInt32(BoxType.Of("msdh").Code);
            boxes.UInt32(BoxType.Of("msix").Code);
        }

        using (boxes.Open(BoxType.Moof))
        {
            new Mfhd(1).Write(boxes);
            using (boxes.Open(BoxType.Traf))
            {
                new Tfhd(PartWriter.TrackId, DefaultBaseIsMoof: true).Write(boxes);
                new Tfdt((ulong)Math.Max(0, start)).Write(boxes);
                new Trun(0, TrunFields.None, DataOffset: null, FirstSampleFlags: null).Open(boxes, hasSignedOffsets: false).Dispose();
            }
        }

        boxes.Open(BoxType.Mdat).Dispose();
        return boxes.WrittenMemory;
    }
}
