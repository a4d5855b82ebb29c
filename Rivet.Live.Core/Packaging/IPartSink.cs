using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Packaging;

/// <summary>Takes what a packager makes, in the order in which it is made. Calls come one at a time.</summary>
internal interface IPartSink
{
    /// <summary>The segments from now on need this init.</summary>
    void InitMade(int initNumber, TrackDescription track, ReadOnlyMemory<byte> init);

    /// <summary>A segment begins; the one before, if any, is complete.</summary>
    void SegmentBegun(SegmentHead head);

    /// <summary>A segment that the rendition lost as a whole (EXT-X-GAP).</summary>
    void SegmentLost(SegmentHead head, double durationSeconds);

    /// <summary>A part of the segment that began last. The sink owns it.</summary>
    void PartMade(Part part);

    /// <summary>A sample came after its time had been told as absent; it is in no part.</summary>
    void SampleLate();

    /// <summary>Nothing more will come: the last segment is complete.</summary>
    void Ended();
}
