namespace Rivet.Live.Core.Encoding;

/// <summary>How well everything is encoded and how much work that may be, as the operator wants it; and what that means to each encoder.</summary>
/// <remarks>
/// Quality is aimed at, and the cap holds: pictures that need less than a rendition's bit rate get less, and none get more. The size of a
/// picture changes nothing of this; it decides how many threads and tiles an encoder has.
/// </remarks>
internal sealed record EncoderTuning
{
    /// <summary>Null spends the whole bit rate, whatever the pictures need: to compare with others that do.</summary>
    public QualityTarget? Target { get; init; } = QualityTarget.Standard;

    public SpeedTier Tier { get; init; } = SpeedTier.Standard;

    /// <summary>The quantizer of every picture, whatever bit rate that makes; null leaves it to rate control.</summary>
    public int? ConstantQuantizer { get; init; }

    /// <summary>Said to encoders last.</summary>
    public IReadOnlyList<EncoderOption> Options { get; init; } = [];

    /// <summary>The same settings, tuned.</summary>
    public VideoEncoderSettings Apply(VideoEncoderSettings settings) => settings with
    {
        Tuning = this,
        Preset = PresetOf(settings.Codec, settings.Api),
        Quality = Target is { } target && HasQuality(settings.Codec, settings.Api) ? QualityOf(settings.Codec, target) : null,
        ConstantQuantizer = ConstantQuantizer,
        Options = [.. Options.Where(option => option.Encoder == settings.EncoderName)],
    };

    /// <summary>An encoder's preset: NVENC's numbers grow with the work, VA-API's compression level shrinks. Not measured: there was no GPU to measure.</summary>
    public string PresetOf(VideoCodec codec, EncoderApi api) => (api, Tier) switch
    {
        (EncoderApi.Nvenc, SpeedTier.Draft) => "p2",
        (EncoderApi.Nvenc, SpeedTier.Standard) => "p4",
        (EncoderApi.Nvenc, _) => "p6",
        (EncoderApi.Qsv, SpeedTier.Draft) => "faster",
        (EncoderApi.Qsv, SpeedTier.Standard) => "medium",
        (EncoderApi.Qsv, _) => "veryslow",
        (EncoderApi.Vaapi, SpeedTier.Draft) => "6",
        (EncoderApi.Vaapi, SpeedTier.Standard) => "4",
        (EncoderApi.Vaapi, _) => "1",
        _ => PresetOf(codec),
    };

    /// <summary>The preset of an encoder on the CPU; libaom's is its <c>cpu-used</c>.</summary>
    public string PresetOf(VideoCodec codec) => (codec, Tier) switch
    {
        (VideoCodec.H264, SpeedTier.Draft) => "ultrafast",
        (VideoCodec.H264, SpeedTier.Standard) => "veryfast",
        (VideoCodec.H264, _) => "medium",
        (VideoCodec.Hevc, SpeedTier.Draft) => "ultrafast",
        (VideoCodec.Hevc, SpeedTier.Standard) => "superfast",
        (VideoCodec.Hevc, _) => "fast",
        (_, SpeedTier.Draft) => "10",
        (_, SpeedTier.Standard) => "9",
        _ => "7",
    };

    /// <summary>False for AV1 by Quick Sync and VA-API, whose quantizers end at 255 and are out of libavcodec's reach: they get the cap alone.</summary>
    private static bool HasQuality(VideoCodec codec, EncoderApi api) => codec != VideoCodec.Av1 || api is EncoderApi.Software or EncoderApi.Nvenc;

    /// <summary>
    /// Rate factors of libx264 and libx265 and NVENC's target quality, from 0 to 51; the least quantizer of Quick Sync and VA-API, on the codec's
    /// own scale too; the least quantizer of libaom, from 0 to 63.
    /// </summary>
    private static int QualityOf(VideoCodec codec, QualityTarget target) => (codec, target) switch
    {
        (VideoCodec.H264, QualityTarget.VisuallyLossless) => 17,
        (VideoCodec.H264, QualityTarget.High) => 20,
        (VideoCodec.H264, QualityTarget.Standard) => 23,
        (VideoCodec.H264, _) => 27,
        (VideoCodec.Hevc, QualityTarget.VisuallyLossless) => 20,
        (VideoCodec.Hevc, QualityTarget.High) => 23,
        (VideoCodec.Hevc, QualityTarget.Standard) => 26,
        (VideoCodec.Hevc, _) => 30,
        (_, QualityTarget.VisuallyLossless) => 20,
        (_, QualityTarget.High) => 27,
        (_, QualityTarget.Standard) => 32,
        _ => 38,
    };
}
