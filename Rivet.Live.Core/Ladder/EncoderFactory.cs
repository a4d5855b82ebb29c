using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Ladder;

/// <summary>Opens the encoder that a rendition needs.</summary>
/// <param name="codecs">Opens encoders.</param>
/// <param name="pool">Where encoded bytes live.</param>
/// <param name="preset">libx264's preset.</param>
/// <param name="threadsMax">Threads that one encoder may have at most.</param>
internal sealed class EncoderFactory(Codecs codecs, PayloadPool pool, string preset, int threadsMax)
{
    /// <summary>What one thread is trusted with: a third more than 720p at 30 pictures a second, which took 7 ms a picture with veryfast.</summary>
    private const double PixelsPerSecondAndThread = 1280 * 720 * 40;

    /// <param name="rendition">Bitrate.</param>
    /// <param name="rung">Size.</param>
    /// <param name="first">The first picture, whose source gives timescale and frame rate.</param>
    /// <param name="copy">Its copy at the rung's size, which gives the colour description.</param>
    /// <param name="label">Names the encoder in log lines.</param>
    public VideoEncoder Open(Rendition rendition, Rung rung, LadderPicture first, Picture copy, string label)
    {
        int frameTicks = FrameRateCap.TicksBetween(rendition.MaxFrameRate, first.FrameTicks, first.Source.Timescale);
        double pixelsPerSecond = (double)rung.Width * rung.Height * first.Source.Timescale / frameTicks;
        var settings = new VideoEncoderSettings
        {
            Width = rung.Width,
            Height = rung.Height,
            Timescale = first.Source.Timescale,
            FrameRate = (first.Source.Timescale, frameTicks),
            BitrateBps = rendition.VideoBitrateBps,
            Preset = preset,
            Threads = (int)Math.Clamp(Math.Ceiling(pixelsPerSecond / PixelsPerSecondAndThread), 1, threadsMax),
        };
        return codecs.OpenEncoder(settings.MatchedTo(copy), pool, label);
    }
}
