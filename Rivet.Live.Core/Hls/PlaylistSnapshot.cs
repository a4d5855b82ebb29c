using System.Collections.Immutable;

namespace Rivet.Live.Core.Hls;

/// <summary>One published state of a media playlist. Immutable; <see cref="Next"/> completes when a newer one replaces it.</summary>
internal sealed class PlaylistSnapshot
{
    private readonly TaskCompletionSource<PlaylistSnapshot> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lazy<RenderedPlaylist> _rendered;

    /// <param name="segments">From the oldest that is listed to the one that grows.</param>
    /// <param name="discontinuitiesBefore">EXT-X-DISCONTINUITY-SEQUENCE.</param>
    /// <param name="nextPartNumber">Name of the part that will come next, for the preload hint.</param>
    /// <param name="isEnded">EXT-X-ENDLIST.</param>
    /// <param name="render">Writes the text; called once, by the first viewer who asks.</param>
    public PlaylistSnapshot(
        ImmutableArray<SegmentView> segments,
        int discontinuitiesBefore,
        long nextPartNumber,
        bool isEnded,
        Func<PlaylistSnapshot, RenderedPlaylist> render)
    {
        Segments = segments;
        DiscontinuitiesBefore = discontinuitiesBefore;
        NextPartNumber = nextPartNumber;
        IsEnded = isEnded;
        _rendered = new Lazy<RenderedPlaylist>(() => render(this));
    }

    public ImmutableArray<SegmentView> Segments { get; }

    public int DiscontinuitiesBefore { get; }

    public long NextPartNumber { get; }

    public bool IsEnded { get; }

    /// <summary>The state after this one.</summary>
    public Task<PlaylistSnapshot> Next => _next.Task;

    /// <summary>The text and its gzip twin, written once and shared by all viewers.</summary>
    public RenderedPlaylist Rendered => _rendered.Value;

    /// <summary>The newest part; null while there is none.</summary>
    public PlaylistPosition? Last
    {
        get
        {
            for (int index = Segments.Length - 1; index >= 0; index--)
            {
                if (!Segments[index].Parts.IsEmpty)
                {
                    return new PlaylistPosition(Segments[index].Head.MediaSequence, Segments[index].Parts.Length - 1);
                }
            }

            return null;
        }
    }

    /// <summary>The newest segment that is complete; null while there is none.</summary>
    public long? LastCompleteSegment => Segments.LastOrDefault(static segment => segment.IsComplete)?.Head.MediaSequence;

    /// <summary>True where a reload that waits for this place is answered (RFC 8216bis 6.2.5.2).</summary>
    /// <param name="mediaSequence">_HLS_msn.</param>
    /// <param name="part">_HLS_part; null waits for the whole segment. A part past a complete segment's last is the next segment's first.</param>
    public bool Has(long mediaSequence, int? part)
    {
        if (Last is null)
        {
            // Padding only: a player that reads it has nothing to begin with.
            return false;
        }

        if (LastCompleteSegment >= mediaSequence)
        {
            SegmentView? segment = Segments.FirstOrDefault(segment => segment.Head.MediaSequence == mediaSequence);
            bool rollsOver = part is { } wanted && segment is not null && wanted >= segment.Parts.Length && segment.GapSeconds is null;
            return !rollsOver || LastCompleteSegment > mediaSequence || Last is { } last && last.MediaSequence > mediaSequence;
        }

        return part is { } wantedPart && Last is { } newest
            && (newest.MediaSequence > mediaSequence || (newest.MediaSequence == mediaSequence && newest.Part >= wantedPart));
    }

    internal void ReplacedBy(PlaylistSnapshot newer) => _next.TrySetResult(newer);
}
