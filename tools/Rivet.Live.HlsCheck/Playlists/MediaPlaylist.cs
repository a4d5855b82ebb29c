using System.Collections.Immutable;

namespace Rivet.Live.HlsCheck.Playlists;

/// <summary>A media playlist as one answer had it. Immutable.</summary>
internal sealed record MediaPlaylist
{
    public required Uri Uri { get; init; }

    public required string Text { get; init; }

    public required ImmutableArray<SyntaxMistake> Mistakes { get; init; }

    public required ImmutableArray<PlaylistTag> Tags { get; init; }

    /// <summary>Those that are listed, from the oldest to the one that grows.</summary>
    public required ImmutableArray<SegmentEntry> Segments { get; init; }

    public required ImmutableArray<PreloadHint> Hints { get; init; }

    public required ImmutableArray<RenditionReport> Reports { get; init; }

    public required ImmutableArray<(AttributeList Attributes, int Line)> DateRanges { get; init; }

    public int? Version { get; init; }

    public decimal? TargetDuration { get; init; }

    public decimal? PartTarget { get; init; }

    public AttributeList? ServerControl { get; init; }

    public long MediaSequence { get; init; }

    public long DiscontinuitySequence { get; init; }

    /// <summary>EXT-X-SKIP; null in a full playlist.</summary>
    public AttributeList? Skip { get; init; }

    public bool IsEnded => Has("EXT-X-ENDLIST");

    public bool IsIFramesOnly => Has("EXT-X-I-FRAMES-ONLY");

    public bool CanBlock => ServerControl?.IsYes("CAN-BLOCK-RELOAD") == true;

    /// <summary>Seconds; null where there are no deltas.</summary>
    public decimal? CanSkipUntil => ServerControl?.Decimal("CAN-SKIP-UNTIL");

    public decimal Duration => Segments.Sum(static segment => segment.Duration);

    public SegmentEntry? LastComplete => Segments.LastOrDefault(static segment => segment.IsComplete);

    /// <summary>The newest part, or segment where parts are no longer listed.</summary>
    public Position Last => Segments.LastOrDefault() is { } last ? new Position(last.Sequence, last.Parts.Length - 1) : new Position(MediaSequence - 1, -1);

    /// <summary>What a player asks for next (6.2.5.2).</summary>
    public Position Next => Segments.LastOrDefault() is { IsComplete: false } growing
        ? new Position(growing.Sequence, growing.Parts.Length)
        : new Position(Last.Sequence + 1, 0);

    public bool Has(string tag) => Line(tag) > 0;

    /// <summary>Where the tag first stands; 0 where it does not.</summary>
    public int Line(string tag) => Tags.FirstOrDefault(entry => entry.Name == tag)?.Line ?? 0;

    /// <summary>True where a reload that waits for this place may be answered with this.</summary>
    public bool Reaches(Position wanted) => Segments.LastOrDefault() is { } last
        && (last.Sequence > wanted.Sequence
            || (last.Sequence == wanted.Sequence && (wanted.Part < 0 ? last.IsComplete : last.Parts.Length > wanted.Part || (last.IsComplete && last.Parts.IsEmpty))));
}
