using System.Globalization;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Support;

/// <summary>Publishes numbered pictures in real time, and keeps a copy of what is sent.</summary>
/// <param name="Width">Of the pictures.</param>
/// <param name="Height">Of the pictures.</param>
/// <param name="Rate">Pictures a second, as ffmpeg takes it.</param>
/// <param name="Count">How many pictures.</param>
/// <param name="Encoding">ffmpeg's options for the encoder, among them the pixel format and the keyframe interval.</param>
internal sealed record NumberedPublisher(int Width, int Height, string Rate, int Count, string Encoding)
{
    /// <summary>A tone beside the pictures.</summary>
    public bool HasSound { get; init; }

    /// <param name="url">Where it is published.</param>
    /// <param name="copy">The file that gets, byte for byte, what the server is sent.</param>
    /// <param name="output">Where ffmpeg's messages go at the end.</param>
    public FfmpegPublisher Start(string url, string copy, ITestOutputHelper? output)
    {
        const string target = "[f=mp4:movflags=+frag_keyframe+empty_moov+default_base_moof:frag_duration=300000]";
        string tone = HasSound ? "-f lavfi -i sine=frequency=440:sample_rate=48000 -shortest" : "";
        string sound = HasSound ? "-c:a aac -map 1:a" : "";
        return FfmpegPublisher.Start(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                -re -f rawvideo -pix_fmt gray -video_size {Width}x{Height} -framerate {Rate} -i pipe:0 {tone} -fps_mode passthrough
                -c:v libx264 -preset ultrafast -flags +global_header -sc_threshold 0 -threads 1 {Encoding} -map 0:v {sound}
                -f tee {target}{url.Replace(":", "\\:", StringComparison.Ordinal)}|{target}{copy}
                """).Replace('\n', ' '),
            output,
            input => IndexPattern.WriteAsync(input, Count, Width, Height));
    }
}
