using System.Collections.Immutable;

namespace Rivet.Live.HlsCheck.Playlists;

/// <summary>A segment of a media playlist; the last one may still be without its URI.</summary>
internal sealed record SegmentEntry
{
    /// <summary>Its media sequence number.</summary>
    public required long Sequence { get; init; }

    /// <summary>Null while it grows: there are only parts.</summary>
    public Uri? Uri { get; init; }

    public ByteRange? Range { get; init; }

    /// <summary>EXTINF; what its parts last, while it grows.</summary>
    public required decimal Duration { get; init; }

    public bool IsGap { get; init; }

    public bool IsDiscontinuity { get; init; }

    /// <summary>EXT-X-DISCONTINUITY-SEQUENCE plus the tags up to here (4.4.3.3).</summary>
    public required long DiscontinuityNumber { get; init; }

    /// <summary>Only where the tag stands.</summary>
    public DateTimeOffset? ProgramDateTime { get; init; }

    public InitMap? Map { get; init; }

    /// <summary>EXT-X-BITRATE in force, kbit/s.</summary>
    public long? Bitrate { get; init; }

    public required ImmutableArray<PartEntry> Parts { get; init; }

    /// <summary>A tag that must stand before the segment's first part, and does not; null where all do.</summary>
    public PlaylistTag? LateTag { get; init; }

    /// <summary>Its lines as written, without EXT-X-MAP, EXT-X-PART and EXT-X-DATERANGE.</summary>
    public required string Text { get; init; }

    /// <summary>Where it ends: the URI's line, or the last line seen.</summary>
    public required int Line { get; init; }

    public bool IsComplete => Uri is not null;
}
