using System.Collections.Immutable;
using Rivet.Live.Core.Packaging;

namespace Rivet.Live.Core.Hls;

/// <summary>One segment as a playlist shows it at one moment. Immutable.</summary>
/// <param name="Head">Number, start, wall clock, init.</param>
/// <param name="Parts">What exists of it, in order; empty for a gap, and when its parts are no longer listed.</param>
/// <param name="IsComplete">Nothing will be added.</param>
/// <param name="GapSeconds">Its duration where the rendition lost it as a whole; null for a segment with media.</param>
internal sealed record SegmentView(SegmentHead Head, ImmutableArray<Part> Parts, bool IsComplete, double? GapSeconds)
{
    private string? _lines;

    /// <summary>What a playlist says of it once it is complete and its parts are off the list: written once, since it does not change.</summary>
    public string Lines => _lines ??= MediaPlaylistWriter.Lines(this);

    /// <summary>Media of it is absent, all or some (EXT-X-GAP).</summary>
    public bool IsGap { get; private init; } = GapSeconds is not null;

    public double DurationSeconds { get; private init; } = GapSeconds ?? 0;

    /// <summary>How many parts it has, listed or not.</summary>
    public int PartCount { get; private init; }

    public long Bytes { get; private init; }

    /// <summary>Bytes of its first part, of which its first picture is most.</summary>
    public long FirstPartBytes { get; private init; }

    /// <summary>False where its first part cannot be decoded without the segment before.</summary>
    public bool BeginsIndependently { get; private init; } = true;

    public double BitsPerSecond => DurationSeconds > 0 ? Bytes * 8 / DurationSeconds : 0;

    public SegmentView With(Part part) => this with
    {
        Parts = Parts.Add(part),
        PartCount = PartCount + 1,
        IsGap = IsGap || part.IsGap,
        FirstPartBytes = PartCount == 0 ? part.Bytes : FirstPartBytes,
        BeginsIndependently = PartCount == 0 ? part.IsIndependent : BeginsIndependently,
        DurationSeconds = DurationSeconds + part.DurationSeconds,
        Bytes = Bytes + (part.IsGap ? 0 : part.Bytes),
    };

    public SegmentView WithoutParts() => this with { Parts = [] };
}
