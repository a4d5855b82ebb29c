using System.Collections.Immutable;

namespace Rivet.Live.Core.Hls;

/// <summary>One published state of a media playlist. Immutable; <see cref="Next"/> completes when a newer one replaces it.</summary>
internal sealed class PlaylistSnapshot
{
    private readonly TaskCompletionSource<PlaylistSnapshot> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lazy<RenderedPlaylist> _rendered;
    private readonly Lazy<RenderedPlaylist> _delta;
    private readonly Lazy<RenderedPlaylist> _keyframes;

    /// <param name="segments">From the oldest that is listed to the one that grows.</param>
    /// <param name="discontinuitiesBefore">EXT-X-DISCONTINUITY-SEQUENCE.</param>
    /// <param name="nextPartNumber">Name of the part that will come next, for the preload hint.</param>
    /// <param name="isEnded">EXT-X-ENDLIST.</param>
    /// <param name="renderer">Writes the texts, each when the first viewer asks for it.</param>
    public PlaylistSnapshot(
        ImmutableArray<SegmentView> segments,
        int discontinuitiesBefore,
        long nextPartNumber,
        bool isEnded,
        PlaylistRenderer renderer)
    {
        Segments = segments;
        DiscontinuitiesBefore = discontinuitiesBefore;
        NextPartNumber = nextPartNumber;
        IsEnded = isEnded;
        _rendered = new Lazy<RenderedPlaylist>(() => renderer.Whole(this));
        _delta = new Lazy<RenderedPlaylist>(() => renderer.Delta(this));
        _keyframes = new Lazy<RenderedPlaylist>(() => renderer.Keyframes(this));
    }

    public ImmutableArray<SegmentView> Segments { get; }

    public int DiscontinuitiesBefore { get; }

    public long NextPartNumber { get; }

    public bool IsEnded { get; }

    /// <summary>The state after this one.</summary>
    public Task<PlaylistSnapshot> Next => _next.Task;

    /// <summary>The text and its gzip twin, written once and shared by all viewers.</summary>
    public RenderedPlaylist Rendered => _rendered.Value;

    /// <summary>
    /// The playlist without the segments that a viewer who reloads it has from before (6.2.5.1); all of it where there are none, and behind the end.
    /// </summary>
    public RenderedPlaylist Delta => _delta.Value;

    /// <summary>The I-frame playlist of the same segments.</summary>
    public RenderedPlaylist Keyframes => _keyframes.Value;

    /// <summary>The newest part; null while there is none.</summary>
    public PlaylistPosition? Last
    {
        get
        {
            for (int index = Segments.Length - 1; index >= 0; index--)
            {
                if (Segments[index].PartCount > 0)
                {
                    return new PlaylistPosition(Segments[index].Head.MediaSequence, Segments[index].PartCount - 1);
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
            bool rollsOver = part is { } wanted && segment is not null && wanted >= segment.PartCount && segment.GapSeconds is null;
            return !rollsOver || LastCompleteSegment > mediaSequence || Last is { } last && last.MediaSequence > mediaSequence;
        }

        return part is { } wantedPart && Last is { } newest
            && (newest.MediaSequence > mediaSequence || (newest.MediaSequence == mediaSequence && newest.Part >= wantedPart));
    }

    /// <summary>Whole segments before a place so many seconds before the end of the last segment that is complete.</summary>
    public int SegmentsBefore(double secondsFromEnd)
    {
        double fromEnd = 0;
        int index = Segments.Length;
        while (index > 0 && fromEnd < secondsFromEnd)
        {
            index--;
            fromEnd += Segments[index].IsComplete ? Segments[index].DurationSeconds : 0;
        }

        return index;
    }

    internal void ReplacedBy(PlaylistSnapshot newer) => _next.TrySetResult(newer);
}
