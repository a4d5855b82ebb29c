using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Packaging;

/// <summary>A partial segment (RFC 8216bis 4.4.4.9): one moof+mdat, whole. Its owner disposes it; who sends it shares the payload first.</summary>
/// <param name="Number">Counted from 0 over the whole track, never reused: the part's name.</param>
/// <param name="MediaSequence">The segment it belongs to.</param>
/// <param name="Index">Position in that segment, from 0.</param>
/// <param name="Start">Presentation time of the first sample.</param>
/// <param name="DurationTicks">From the end of the part before, or the first sample's decode time, to the end of the last sample, in the track's timescale.</param>
/// <param name="SampleCount">Samples in it; none where the media is absent (GAP=YES).</param>
/// <param name="IsIndependent">It begins with a sample that a decoder can start at.</param>
/// <param name="Payload">The bytes.</param>
/// <param name="Moments">The way of its last sample; null where there is no media.</param>
internal sealed record Part(
    long Number, long MediaSequence, int Index, MediaTime Start, long DurationTicks, int SampleCount, bool IsIndependent, PayloadHold Payload, PartMoments? Moments = null) : IDisposable
{
    /// <summary>How long its samples last on average, without the first, which muxers stretch where a broadcast begins; null where that is all.</summary>
    public double? FrameSeconds { get; init; }

    public double DurationSeconds => (double)DurationTicks / Start.Timescale;

    /// <summary>There is no media in it (GAP=YES); its bytes are those of <see cref="GapSegment"/>.</summary>
    public bool IsGap => SampleCount == 0;

    /// <summary>Size, which is known for longer than the payload is held.</summary>
    public int Bytes { get; } = Payload.Memory.Length;

    public void Dispose() => Payload.Dispose();
}
