using Rivet.Live.Core.Native;

namespace Rivet.Live.Core.Encoding;

/// <summary>What a video encoder is opened with.</summary>
internal sealed record VideoEncoderSettings
{
    public const double StandardBufferSeconds = 1;

    public VideoCodec Codec { get; init; } = VideoCodec.H264;

    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>8, or 10 where pictures have it.</summary>
    public int BitDepth { get; init; } = 8;

    /// <summary>Ticks per second of the picture times: the source track's own, so that they go through untouched.</summary>
    public required int Timescale { get; init; }

    /// <summary>Pictures per second as far as known: rate control and level think in it, times do not.</summary>
    public required (int Numerator, int Denominator) FrameRate { get; init; }

    /// <summary>Greatest bit rate, over <see cref="BufferSeconds"/>; the average too where no <see cref="Quality"/> is aimed at.</summary>
    public required int BitrateBps { get; init; }

    /// <summary>How long the buffer model may save up or run short, in seconds.</summary>
    public double BufferSeconds { get; init; } = StandardBufferSeconds;

    /// <summary>Speed against quality, in the encoder's own words.</summary>
    public string Preset { get; init; } = "veryfast";

    /// <summary>What quality is enough, in the encoder's own numbers; null spends the whole bit rate.</summary>
    public int? Quality { get; init; }

    /// <summary>The quantizer of every picture, in the encoder's own numbers; null leaves it to rate control.</summary>
    public int? ConstantQuantizer { get; init; }

    /// <summary>Encoding threads; with more than one each picture is cut into as many slices, rows or tiles as the codec likes.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The profile in the encoder's own words; null lets it choose.</summary>
    public string? Profile { get; init; }

    /// <summary>Said to the encoder last.</summary>
    public IReadOnlyList<EncoderOption> Options { get; init; } = [];

    /// <summary>The GPU that encodes; null for the CPU.</summary>
    public HardwareNode? Node { get; init; }

    /// <summary>What preset, quality and options were made of.</summary>
    public EncoderTuning Tuning { get; init; } = new();

    public PictureColor Color { get; init; } = PictureColor.Unknown;

    /// <summary>Shape of a pixel, width to height; 0:1 where unknown.</summary>
    public (int Numerator, int Denominator) SampleAspectRatio { get; init; } = (0, 1);

    public EncoderApi Api => Node?.Api ?? EncoderApi.Software;

    /// <summary>True where FFmpeg has no part in it.</summary>
    public bool IsDirect => Node?.DirectCodecs.Contains(Codec) == true;

    /// <summary>FFmpeg's name of the encoder, or ours where FFmpeg has no part in it.</summary>
    public string EncoderName => EncoderNameOf(Codec, Node);

    /// <summary>The option that hands words to the encoder's own parser.</summary>
    public string ParametersName => Codec switch
    {
        VideoCodec.H264 => "x264-params",
        VideoCodec.Hevc => "x265-params",
        _ => "aom-params",
    };

    /// <summary>What one picture costs, as <see cref="EncodingCost"/> counts.</summary>
    public double PictureCost => EncodingCost.Of(Codec, Width, Height, picturesPerSecond: 1);

    /// <summary>Our own words to that parser, and behind them those of <see cref="Options"/>.</summary>
    public string ParametersAfter(string own) =>
        string.Join(':', Options.Where(option => option.Name == ParametersName).Select(static option => option.Value).Prepend(own));

    /// <summary>The same settings in the words of a GPU's encoder.</summary>
    public VideoEncoderSettings On(HardwareNode node) => Tuning.Apply(this with { Node = node });

    /// <summary>The same settings with the depth, the colour and the pixel shape of the pictures that will come.</summary>
    public VideoEncoderSettings MatchedTo(Picture first) =>
        this with { BitDepth = first.BitDepth, Color = first.Color, SampleAspectRatio = first.SampleAspectRatio };

    /// <summary>What an encoder of these settings takes, and nothing else.</summary>
    /// <param name="picture">What it got.</param>
    /// <param name="label">Names the encoder.</param>
    /// <exception cref="ArgumentException">It is not that.</exception>
    public void Require(Picture picture, string label)
    {
        if (picture.Width != Width || picture.Height != Height || !picture.IsPlanar420Of(BitDepth))
        {
            throw new ArgumentException(
                $"{label} got a {picture.Width}x{picture.Height} {picture.PixelFormat} picture but was opened for " +
                $"{Width}x{Height} {AvUtilFunctions.PixelFormatName(PixelFormats.PlanarOf(BitDepth))}: scale pictures to that first.",
                nameof(picture));
        }
    }

    /// <summary>FFmpeg's name of the encoder on the CPU.</summary>
    public static string EncoderNameOf(VideoCodec codec) => codec switch
    {
        VideoCodec.H264 => "libx264",
        VideoCodec.Hevc => "libx265",
        VideoCodec.Av1 => "libaom-av1",
        _ => throw new ArgumentOutOfRangeException(nameof(codec), codec, "An unknown codec."),
    };

    /// <summary>FFmpeg's name of the encoder that an API has.</summary>
    public static string EncoderNameOf(VideoCodec codec, EncoderApi api) => api switch
    {
        EncoderApi.Software => EncoderNameOf(codec),
        EncoderApi.Nvenc => $"{WordOf(codec)}_nvenc",
        EncoderApi.Qsv => $"{WordOf(codec)}_qsv",
        EncoderApi.Vaapi => $"{WordOf(codec)}_vaapi",
        _ => throw new ArgumentOutOfRangeException(nameof(api), api, "An unknown API."),
    };

    /// <summary>The name of the encoder that a device has, as <see cref="EncoderName"/>.</summary>
    public static string EncoderNameOf(VideoCodec codec, HardwareNode? node) => node?.DirectCodecs.Contains(codec) == true
        ? $"nvenc-{WordOf(codec)}"
        : EncoderNameOf(codec, node?.Api ?? EncoderApi.Software);

    /// <summary>A codec as people write it.</summary>
    public static string WordOf(VideoCodec codec) => codec switch
    {
        VideoCodec.H264 => "h264",
        VideoCodec.Hevc => "hevc",
        VideoCodec.Av1 => "av1",
        _ => throw new ArgumentOutOfRangeException(nameof(codec), codec, "An unknown codec."),
    };
}
