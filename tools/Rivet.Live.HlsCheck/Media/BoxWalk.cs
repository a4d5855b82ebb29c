using System.Buffers.Binary;

namespace Rivet.Live.HlsCheck.Media;

/// <summary>Walks the boxes of an MP4 (ISO/IEC 14496-12), leniently: what is cut off ends the walk.</summary>
internal static class BoxWalk
{
    public static IEnumerable<(string Type, ReadOnlyMemory<byte> Body)> Boxes(ReadOnlyMemory<byte> bytes)
    {
        int at = 0;
        while (at + 8 <= bytes.Length)
        {
            long size = UInt32(bytes, at);
            string type = System.Text.Encoding.Latin1.GetString(bytes.Span.Slice(at + 4, 4));
            int header = 8;
            if (size == 1 && at + 16 <= bytes.Length)
            {
                size = (long)BinaryPrimitives.ReadUInt64BigEndian(bytes.Span[(at + 8)..]);
                header = 16;
            }
            else if (size == 0)
            {
                size = bytes.Length - at;
            }

            if (size < header || size > bytes.Length - at)
            {
                yield break;
            }

            yield return (type, bytes.Slice(at + header, (int)size - header));
            at += (int)size;
        }
    }

    /// <summary>The first box at the end of a path; empty where there is none.</summary>
    public static ReadOnlyMemory<byte> Find(ReadOnlyMemory<byte> bytes, params ReadOnlySpan<string> path)
    {
        foreach (string step in path)
        {
            bytes = Boxes(bytes).FirstOrDefault(box => box.Type == step).Body;
        }

        return bytes;
    }

    public static uint UInt32(ReadOnlyMemory<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes.Span[at..]);

    public static int UInt16(ReadOnlyMemory<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes.Span[at..]);

    public static long UInt64(ReadOnlyMemory<byte> bytes, int at) => (long)BinaryPrimitives.ReadUInt64BigEndian(bytes.Span[at..]);
}
