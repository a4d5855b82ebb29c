using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Ladder;

/// <summary>One quality that viewers may choose, as the operator configured it.</summary>
/// <param name="Name">Stands in URLs and stats: <c>720p</c>.</param>
/// <param name="Height">Lines of the picture, even.</param>
/// <param name="VideoBitrateBps">Cap of the video bitrate, in bits per second.</param>
/// <param name="MaxFrameRate">Pictures per second that are kept at most; null keeps all.</param>
/// <param name="Codec">What it is encoded as.</param>
internal sealed record Rendition(string Name, int Height, int VideoBitrateBps, double? MaxFrameRate = null, VideoCodec Codec = VideoCodec.H264)
{
    /// <summary>Boxes around the samples: a few hundred bytes a part, ten a sample.</summary>
    private const int BoxesBps = 20_000;

    /// <summary>True where it has 10 bits of a source that has them. Players take H.264 with 8 bits only.</summary>
    public bool KeepsDepth => Codec != VideoCodec.H264;

    /// <summary>
    /// What a segment cannot exceed, in bits per second: the cap, what the encoder's buffer may have saved up when the segment begins, and boxes.
    /// </summary>
    /// <param name="segmentSeconds">Duration of a segment.</param>
    public long PeakBps(double segmentSeconds) =>
        (long)Math.Ceiling(VideoBitrateBps * (1 + (VideoEncoderSettings.StandardBufferSeconds / segmentSeconds))) + BoxesBps;
}
