using Rivet.Live.HlsCheck.Playlists;

namespace Rivet.Live.HlsCheck.Watching;

internal enum MediaKind
{
    Init,
    Segment,
    Part,

    /// <summary>Asked for again after its tag was gone from the playlist.</summary>
    DelistedSegment,
    DelistedPart,
}

/// <summary>A resource that a playlist named, and how it came.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Sequence">Of its segment; -1 for an init.</param>
/// <param name="Part">Its index in the segment; -1 for anything but a part.</param>
/// <param name="IsHint">Asked for when it was only hinted.</param>
/// <param name="Range">Asked for; null for the whole.</param>
/// <param name="Line">Where its playlist named it.</param>
/// <param name="Exchange">What came.</param>
internal sealed record MediaFetch(MediaKind Kind, long Sequence, int Part, bool IsHint, ByteRange? Range, int Line, Exchange Exchange);
