namespace Rivet.Live.Core.Encoding;

/// <summary>How long a device's encoder may take before it counts as hung.</summary>
/// <param name="Open">To open: the first one on a driver takes seconds.</param>
/// <param name="Picture">For a picture, beside <see cref="Pictures"/> of its own duration.</param>
internal sealed record EncoderDeadlines(TimeSpan Open, TimeSpan Picture)
{
    /// <summary>An encoder that is so many pictures late is not slow but stuck: none of ours looks ahead.</summary>
    private const int Pictures = 8;

    /// <summary>A second: a viewer's buffer of three half-second parts survives it.</summary>
    public static EncoderDeadlines Live { get; } = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1));

    public TimeSpan PerPicture((int Numerator, int Denominator) frameRate) =>
        Picture + TimeSpan.FromSeconds(Pictures * (double)frameRate.Denominator / frameRate.Numerator);
}
