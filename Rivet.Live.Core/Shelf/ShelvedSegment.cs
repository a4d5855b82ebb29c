using Rivet.Live.Core.Packaging;

namespace Rivet.Live.Core.Shelf;

/// <summary>A complete segment on the shelf: in memory, where its parts own the bytes, or in a file. Only the shelf touches it, under its lock.</summary>
/// <param name="head">Number and init.</param>
/// <param name="parts">In their order; none where the segment is a gap.</param>
/// <param name="seconds">Duration.</param>
/// <param name="partsUntil">When its parts are no longer given out one by one, on the shelf's clock.</param>
internal sealed class ShelvedSegment(SegmentHead head, Part[] parts, double seconds, double partsUntil) : IDisposable
{
    private Part[] _parts = parts;

    public long MediaSequence => head.MediaSequence;

    public int InitNumber => head.InitNumber;

    public double Seconds => seconds;

    public long Bytes { get; } = parts.Sum(static part => (long)part.Bytes);

    public double PartsUntil => partsUntil;

    /// <summary>When it goes, on the shelf's clock; null while it is listed.</summary>
    public double? Until { get; set; }

    /// <summary>The disk's writer has it.</summary>
    public bool IsQueued { get; set; }

    /// <summary>It was dropped; what comes back from the disk's writer is of no use.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Where it lies; null while it is in memory.</summary>
    public string? File { get; private set; }

    public IEnumerable<long> PartNumbers => _parts.Select(static part => part.Number);

    /// <summary>Its bytes, while they are in memory.</summary>
    public MemoryBytes Open() => _parts is [] ? new(GapSegment.Write(head.Start.Ticks)) : new(Array.ConvertAll(_parts, static part => part.Payload.Share()));

    public void MoveTo(string file)
    {
        File = file;
        ReleaseMemory();
    }

    public void Dispose()
    {
        IsGone = true;
        ReleaseMemory();
    }

    private void ReleaseMemory()
    {
        Array.ForEach(_parts, static part => part.Dispose());
        _parts = [];
    }
}
