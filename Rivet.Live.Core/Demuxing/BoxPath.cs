using System.Buffers;
using System.Globalization;
using System.Text;

using Rivet.Live.Core.Boxes;

namespace Rivet.Live.Core.Demuxing;

/// <summary>Says where in a moov or moof a box is, for error texts. Worked out only when there is an error.</summary>
internal static class BoxPath
{
    /// <param name="top">The whole top-level box.</param>
    /// <param name="start">Where in it the box begins.</param>
    /// <param name="type">The box's type.</param>
    public static string Of(ReadOnlySpan<byte> top, int start, BoxType type)
    {
        StringBuilder path = new();
        ReadOnlySpan<byte> boxes = top;
        int offset = 0;
        while (true)
        {
            if (!TryFindAround(boxes, start - offset, out BoxHeader header, out int at, out string index))
            {
                // Inside a box whose children are not walked here, a sample entry, or where no header can be read.
                return path.Append(CultureInfo.InvariantCulture, $"{Separator(path)}{type}").ToString();
            }

            path.Append(CultureInfo.InvariantCulture, $"{Separator(path)}{header.Type}{index}");
            if (at + offset == start)
            {
                return path.ToString();
            }

            int prefix = header.HeaderBytes + (header.Type == BoxType.Stsd ? 8 : 0);
            boxes = boxes.Slice(at, (int)header.BoxBytes)[prefix..];
            offset += at + prefix;
        }
    }

    private static string Separator(StringBuilder path) => path.Length == 0 ? string.Empty : "/";

    /// <summary>The box that begins at <paramref name="wanted"/> or has it inside, and which of its kind it is.</summary>
    private static bool TryFindAround(ReadOnlySpan<byte> boxes, int wanted, out BoxHeader found, out int foundAt, out string index)
    {
        found = default;
        foundAt = -1;
        int before = 0;
        int after = 0;
        BoxReader reader = new(boxes);
        BoxType wantedType = TypeAround(boxes, wanted);
        for (int at = 0; reader.TryReadBox(out BoxHeader header, out _) == OperationStatus.Done; at = reader.Consumed)
        {
            if (wanted >= at && wanted < reader.Consumed)
            {
                found = header;
                foundAt = at;
            }
            else if (header.Type == wantedType)
            {
                before += foundAt < 0 ? 1 : 0;
                after += foundAt < 0 ? 0 : 1;
            }
        }

        index = before + after > 0 ? $"[{before}]" : string.Empty;
        return foundAt >= 0;
    }

    private static BoxType TypeAround(ReadOnlySpan<byte> boxes, int wanted)
    {
        BoxReader reader = new(boxes);
        while (reader.TryReadBox(out BoxHeader header, out _) == OperationStatus.Done)
        {
            if (wanted < reader.Consumed)
            {
                return header.Type;
            }
        }

        return default;
    }
}
