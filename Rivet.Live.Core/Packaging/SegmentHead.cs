using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Packaging;

/// <summary>What is known of a segment when it begins.</summary>
/// <param name="MediaSequence">Its number.</param>
/// <param name="Start">Presentation time of its first sample, on the track's own timescale.</param>
/// <param name="WallClock">EXT-X-PROGRAM-DATE-TIME of that sample.</param>
/// <param name="InitNumber">The init it needs, counted from 0 over the track.</param>
/// <param name="IsDiscontinuity">It does not continue the segment before (EXT-X-DISCONTINUITY).</param>
internal sealed record SegmentHead(long MediaSequence, MediaTime Start, DateTimeOffset WallClock, int InitNumber, bool IsDiscontinuity);
