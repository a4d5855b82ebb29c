using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>What a rendition needs of a device, and how its encoder is set up.</summary>
/// <param name="devices">Lends encoders.</param>
/// <param name="payloads">Where encoded bytes live.</param>
/// <param name="tuning">How well they encode.</param>
/// <param name="threadsMax">Threads that one encoder may have at most.</param>
internal sealed class EncoderFactory(IEncoderLender devices, PayloadPool payloads, EncoderTuning tuning, int threadsMax)
{
    /// <summary>What one thread is trusted with: a third more than 720p at 30 pictures a second, which took 7 ms a picture with veryfast.</summary>
    private const double PixelsPerSecondAndThread = DeviceCapacity.GuessPerProcessor;

    /// <summary>Assumed of a source that ended with its first picture, and of one that has not begun.</summary>
    private const int UsualRate = 30;

    public IEncoderLender Devices => devices;

    /// <summary>What encoding a rung of a source costs.</summary>
    /// <param name="broadcast">Whose it is.</param>
    /// <param name="rung">Size and cap of the frame rate.</param>
    /// <param name="frameTicks">The usual distance of the source's pictures.</param>
    /// <param name="timescale">Of the source.</param>
    /// <param name="bitDepth">Of the source.</param>
    public static EncoderNeed NeedOf(BroadcastId broadcast, Rung rung, int frameTicks, int timescale, int bitDepth) => new(
        broadcast,
        rung.Rendition.Name,
        rung.Rendition.Codec,
        rung.Rendition.KeepsDepth && bitDepth > 8 ? 10 : 8,
        EncodingCost.Of(rung.Rendition.Codec, rung.Width, rung.Height, RateOf(rung.Rendition, frameTicks, timescale)));

    /// <summary>What encoding a rendition costs where its source is not known: of the usual shape, with the usual frame rate.</summary>
    public static EncoderNeed UsualNeedOf(BroadcastId broadcast, Rendition rendition) =>
        NeedOf(broadcast, new Rung(rendition, rendition.Height * 16 / 9, rendition.Height, Above: -1), frameTicks: 1, UsualRate, bitDepth: 8);

    /// <summary>The settings of a rendition's encoder, the same for all that it will ever have while the source stays as it is.</summary>
    /// <param name="rung">Size and bitrate.</param>
    /// <param name="first">The first picture, whose source gives timescale and frame rate.</param>
    /// <param name="copy">Its copy at the rung's size, which gives the colour description.</param>
    public VideoEncoderSettings SettingsFor(Rung rung, LadderPicture first, Picture copy)
    {
        int frameTicks = FrameRateCap.TicksBetween(rung.Rendition.MaxFrameRate, first.FrameTicks, first.Source.Timescale);
        double cost = EncodingCost.Of(rung.Rendition.Codec, rung.Width, rung.Height, (double)first.Source.Timescale / frameTicks);
        var settings = new VideoEncoderSettings
        {
            Codec = rung.Rendition.Codec,
            Width = rung.Width,
            Height = rung.Height,
            Timescale = first.Source.Timescale,
            FrameRate = (first.Source.Timescale, frameTicks),
            BitrateBps = rung.Rendition.VideoBitrateBps,
            Threads = (int)Math.Clamp(Math.Ceiling(cost / PixelsPerSecondAndThread), 1, threadsMax),
        };
        return tuning.Apply(settings).MatchedTo(copy);
    }

    /// <inheritdoc cref="EncoderLease.Open"/>
    public IVideoEncoder Open(EncoderLease lease, VideoEncoderSettings settings, string label) => lease.Open(settings, payloads, label);

    private static double RateOf(Rendition rendition, int frameTicks, int timescale) =>
        (double)timescale / FrameRateCap.TicksBetween(rendition.MaxFrameRate, frameTicks > 0 ? frameTicks : Math.Max(1, timescale / UsualRate), timescale);
}
