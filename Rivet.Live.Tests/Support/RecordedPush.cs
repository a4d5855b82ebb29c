namespace Rivet.Live.Tests.Support;

/// <summary>Bodies that ffmpeg makes beforehand, for tests that send them in their own way.</summary>
internal static class RecordedPush
{
    /// <summary>Fragmented MP4, 160x90 at 25 pictures a second, a fragment every 200 ms.</summary>
    public static Task<byte[]> FragmentedAsync(double seconds, string video = "") =>
        MakeAsync(seconds, $"{video} -movflags +frag_keyframe+empty_moov+default_base_moof -frag_duration 200000");

    /// <summary>What a file on a disk looks like: samples first, their tables at the end.</summary>
    public static Task<byte[]> ProgressiveAsync(double seconds) => MakeAsync(seconds, "");

    /// <summary>Where the top-level boxes of a body begin, by type, in order.</summary>
    public static IReadOnlyList<(string Type, int Offset, int Length)> BoxesOf(byte[] body)
    {
        List<(string Type, int Offset, int Length)> boxes = [];
        for (int offset = 0; offset < body.Length; offset += boxes[^1].Length)
        {
            int length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(offset));
            boxes.Add((System.Text.Encoding.ASCII.GetString(body, offset + 4, 4), offset, length));
        }

        return boxes;
    }

    private static async Task<byte[]> MakeAsync(double seconds, string options)
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("push.mp4");
        string command = string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"-v error -f lavfi -i testsrc2=size=160x90:rate=25 -t {seconds} -c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 25 {options} -f mp4 {path}");
        await ToolRun.RequireAsync("ffmpeg", command.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return await File.ReadAllBytesAsync(path);
    }
}
