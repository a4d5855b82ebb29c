using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>Where a rendition goes on that others have published before.</summary>
/// <param name="From">The first picture is the first one from this time on.</param>
/// <param name="Published">What they published; null where it was nothing.</param>
internal sealed record RenditionResume(MediaTime From, PublishedMedia? Published);

/// <summary>What was published of a rendition before.</summary>
/// <param name="Track">The init.</param>
/// <param name="End">Until when there was media, or it was told as absent.</param>
internal sealed record PublishedMedia(TrackDescription Track, MediaTime End);
