using System.Buffers.Binary;
using System.Globalization;
using Rivet.Live.Bench.Measuring;

namespace Rivet.Live.Bench.Publishing;

/// <summary>What every publisher sends: 30 pictures a second with AAC, cut into its boxes so that sending costs next to nothing.</summary>
/// <param name="Path">The whole as a file, for ffmpeg.</param>
/// <param name="Init">ftyp and moov.</param>
/// <param name="Fragments">Each a moof and its mdat.</param>
/// <param name="FragmentSeconds">Media in a fragment, on average.</param>
internal sealed record PublisherSource(string Path, ReadOnlyMemory<byte> Init, IReadOnlyList<ReadOnlyMemory<byte>> Fragments, double FragmentSeconds)
{
    public static async Task<PublisherSource> MakeAsync(string folder, int seconds, PublisherMedia media)
    {
        string path = System.IO.Path.Combine(folder, "publisher.mp4");
        string length = seconds.ToString(CultureInfo.InvariantCulture);
        await ToolProcess.RunAsync("ffmpeg",
        [
            "-hide_banner", "-nostdin", "-loglevel", "error", "-y",
            "-f", "lavfi", "-i", $"testsrc2=size={media.Size}:rate=30,noise=alls=20:allf=t,format=yuv420p", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000",
            "-t", length, "-c:v", "libx264", "-preset", "ultrafast", "-b:v", media.VideoRate, "-maxrate", media.VideoRate, "-bufsize", media.VideoRate,
            "-g", "60", "-keyint_min", "60", "-sc_threshold", "0", "-bf", "0", "-c:a", "aac", "-b:a", "128k",
            "-movflags", "frag_keyframe+empty_moov+default_base_moof", "-frag_duration", media.FragmentMicroseconds, path,
        ]);
        return Cut(path, await File.ReadAllBytesAsync(path), seconds);
    }

    private static PublisherSource Cut(string path, ReadOnlyMemory<byte> file, int seconds)
    {
        List<int> starts = [];
        int end = 0;
        while (end < file.Length)
        {
            ReadOnlySpan<byte> type = file.Span.Slice(end + 4, 4);
            if (type.SequenceEqual("moof"u8))
            {
                starts.Add(end);
            }
            else if (type.SequenceEqual("mfra"u8))
            {
                break;
            }

            end += BinaryPrimitives.ReadInt32BigEndian(file.Span[end..]);
        }

        List<ReadOnlyMemory<byte>> fragments = [];
        for (int index = 0; index < starts.Count; index++)
        {
            fragments.Add(file[starts[index]..(index + 1 < starts.Count ? starts[index + 1] : end)]);
        }

        return new PublisherSource(path, file[..starts[0]], fragments, (double)seconds / fragments.Count);
    }
}
