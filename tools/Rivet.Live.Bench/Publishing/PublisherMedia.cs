namespace Rivet.Live.Bench.Publishing;

/// <summary>What a publisher's media is like, in ffmpeg's words.</summary>
/// <param name="Size">Picture size.</param>
/// <param name="VideoRate">Bits per second of the video.</param>
/// <param name="FragmentMicroseconds">Media in a fragment.</param>
internal sealed record PublisherMedia(string Size, string VideoRate, string FragmentMicroseconds)
{
    /// <summary>What an encoder sends whose publisher cares for latency: 4 Mb/s in fragments of 0.2 s.</summary>
    public static PublisherMedia Usual { get; } = new("1280x720", "3900k", "200000");

    /// <summary>4 Mb/s in fragments of 0.5 s: each is a part.</summary>
    public static PublisherMedia FourMegabitParts { get; } = Usual with { FragmentMicroseconds = "500000" };

    /// <summary>Fragments of 0.5 s and about 50 KB of video: each is a part.</summary>
    public static PublisherMedia FiftyKilobyteParts { get; } = new("640x360", "800k", "500000");
}
