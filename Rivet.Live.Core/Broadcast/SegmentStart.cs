using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Broadcast;

/// <summary>Where one segment begins.</summary>
/// <param name="MediaSequence">The segment's number, the same in every playlist of the broadcast.</param>
/// <param name="Start">Presentation time of its first picture.</param>
/// <param name="IsDiscontinuity">The media does not continue that of the segment before (EXT-X-DISCONTINUITY), in all playlists alike.</param>
public readonly record struct SegmentStart(long MediaSequence, MediaTime Start, bool IsDiscontinuity = false);
