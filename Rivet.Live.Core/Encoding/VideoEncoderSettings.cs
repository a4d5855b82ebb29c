namespace Rivet.Live.Core.Encoding;

/// <summary>What a video encoder is opened with.</summary>
internal sealed record VideoEncoderSettings
{
    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>Ticks per second of the picture times: the source track's own, so that they go through untouched.</summary>
    public required int Timescale { get; init; }

    /// <summary>Pictures per second as far as known: rate control and level think in it, times do not.</summary>
    public required (int Numerator, int Denominator) FrameRate { get; init; }

    /// <summary>Average and, over <see cref="BufferSeconds"/>, greatest bit rate.</summary>
    public required int BitrateBps { get; init; }

    public const double StandardBufferSeconds = 1;

    /// <summary>How long the buffer model may save up or run short, in seconds.</summary>
    public double BufferSeconds { get; init; } = StandardBufferSeconds;

    /// <summary>Speed against quality, in the encoder's own words.</summary>
    public string Preset { get; init; } = "veryfast";

    /// <summary>Encoding threads; with more than one each picture is cut into as many slices.</summary>
    public int Threads { get; init; } = 1;

    public string EncoderName { get; init; } = "libx264";

    /// <summary>H.264 profile in the encoder's own words; null lets it choose.</summary>
    public string? Profile { get; init; }

    public PictureColor Color { get; init; } = PictureColor.Unknown;

    /// <summary>Shape of a pixel, width to height; 0:1 where unknown.</summary>
    public (int Numerator, int Denominator) SampleAspectRatio { get; init; } = (0, 1);

    /// <summary>The same settings with the colour and the pixel shape of the pictures that will come.</summary>
    public VideoEncoderSettings MatchedTo(Picture first) => this with { Color = first.Color, SampleAspectRatio = first.SampleAspectRatio };
}
