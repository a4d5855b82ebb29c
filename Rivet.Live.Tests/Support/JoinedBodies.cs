using System.Buffers.Binary;

namespace Rivet.Live.Tests.Support;

/// <summary>What an encoder sends that begins anew with other pictures, on the same clock and without a moov.</summary>
internal static class JoinedBodies
{
    /// <summary>Pictures of one encoder's body, and of its GOPs.</summary>
    public const int Pictures = 50;
    private const int Gop = 25;

    /// <summary>Fragmented MP4 of a moving picture, 25 a second, a fragment per GOP.</summary>
    public static async Task<byte[]> EncodeAsync(string encoder, string size)
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("body.mp4");
        string command = $"-v error -f lavfi -i testsrc2=size={size}:rate=25 -frames:v {Pictures} {encoder} -g {Gop} -bf 0 -pix_fmt yuv420p "
            + $"-threads 1 -movflags +frag_keyframe+empty_moov+default_base_moof+skip_trailer -f mp4 {path}";
        await ToolRun.RequireAsync("ffmpeg", command.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return await File.ReadAllBytesAsync(path);
    }

    /// <summary>The first body with the second one's fragments behind it, their times going on.</summary>
    public static byte[] Join(byte[] first, byte[] second)
    {
        int media = RecordedPush.BoxesOf(second).First(static box => box.Type == "moof").Offset;
        byte[] later = second[media..];
        long ticks = TimescaleOf(first) * Pictures / 25;
        foreach ((string type, int offset, int length) in RecordedPush.BoxesOf(later))
        {
            if (type == "moof")
            {
                Span<byte> tfdt = later.AsSpan(offset, length);
                tfdt = tfdt[(tfdt.IndexOf("tfdt"u8) + 8)..];
                BinaryPrimitives.WriteInt64BigEndian(tfdt, BinaryPrimitives.ReadInt64BigEndian(tfdt) + ticks);
            }
        }

        return [.. first, .. later];
    }

    private static long TimescaleOf(byte[] body) => BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(body.AsSpan().IndexOf("mdhd"u8) + 16));
}
