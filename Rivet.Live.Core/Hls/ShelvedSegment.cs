using System.Collections.Immutable;
using Rivet.Live.Core.Packaging;

namespace Rivet.Live.Core.Hls;

/// <summary>A complete segment on the shelf. Its parts own the bytes.</summary>
/// <param name="head">Number and init.</param>
/// <param name="parts">In their order; none where the segment is a gap.</param>
/// <param name="partsUntil">When its parts are no longer given out one by one, on the shelf's media clock.</param>
internal sealed class ShelvedSegment(SegmentHead head, ImmutableArray<Part> parts, double partsUntil) : IDisposable
{
    public SegmentHead Head => head;

    public ImmutableArray<Part> Parts => parts;

    public double PartsUntil => partsUntil;

    /// <summary>When it goes; null while it is listed.</summary>
    public double? Until { get; set; }

    public MediaBytes Open() =>
        parts.IsEmpty ? new MemoryBytes(GapSegment.Bytes) : new MemoryBytes([.. parts.Select(static part => part.Payload.Share())]);

    public void Dispose()
    {
        foreach (Part part in parts)
        {
            part.Dispose();
        }
    }
}
