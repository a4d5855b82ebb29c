namespace Rivet.Live.Core.Encoding;

/// <summary>What encoding costs, in pixels of H.264.</summary>
internal static class EncodingCost
{
    /// <summary>Measured at 720 lines of a noisy picture, standard tier: x264 took 11 ms, x265 47 ms, libaom 30 ms.</summary>
    private const double HevcWeight = 4;

    private const double Av1Weight = 3;

    /// <summary>Of such pictures, each second.</summary>
    public static double Of(VideoCodec codec, int width, int height, double picturesPerSecond) => WeightOf(codec) * width * height * picturesPerSecond;

    /// <summary>Processor time of a picture beside H.264's; what is seen corrects the device's capacity where another tier makes it more.</summary>
    public static double WeightOf(VideoCodec codec) => codec switch
    {
        VideoCodec.Hevc => HevcWeight,
        VideoCodec.Av1 => Av1Weight,
        _ => 1,
    };
}
