using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>A traf whose samples are known and whose bytes have yet to arrive.</summary>
/// <param name="Track">Whose samples.</param>
/// <param name="Samples">At least one; their offsets count from the moof.</param>
/// <param name="TrafIndex">Which traf of the moof, for error texts.</param>
/// <param name="TrafOffset">Where in the body the traf begins, for error texts.</param>
internal readonly record struct PendingFragment(IngestTrackState Track, ArraySegment<Sample> Samples, int TrafIndex, long TrafOffset);
