using System.Globalization;
using System.IO.Compression;

namespace Rivet.Live.Bench.Viewers;

/// <summary>How far one state of a playlist reaches.</summary>
/// <param name="MediaSequence">The segment of the next part.</param>
/// <param name="Part">The next part in it.</param>
/// <param name="IsEnded">There is no next part.</param>
internal sealed record PlaylistPlace(long MediaSequence, int Part, bool IsEnded)
{
    /// <summary>The reload that waits for the next part.</summary>
    public string NextQuery => string.Create(CultureInfo.InvariantCulture, $"?_HLS_msn={MediaSequence}&_HLS_part={Part}");

    /// <summary>Whether it has the place that a viewer of the older state waited for.</summary>
    public bool IsBehind(PlaylistPlace older) => IsEnded || (MediaSequence, Part).CompareTo((older.MediaSequence, older.Part)) > 0;

    public static PlaylistPlace Read(byte[] gzip)
    {
        using StreamReader text = new(new GZipStream(new MemoryStream(gzip), CompressionMode.Decompress));
        return Read(text.ReadToEnd());
    }

    internal static PlaylistPlace Read(string text)
    {
        const string sequenceTag = "#EXT-X-MEDIA-SEQUENCE:";
        long sequence = 0;
        int part = 0;
        foreach (string line in text.Split('\n'))
        {
            if (line.StartsWith(sequenceTag, StringComparison.Ordinal))
            {
                sequence = long.Parse(line.AsSpan(sequenceTag.Length), CultureInfo.InvariantCulture);
            }
            else if (line.StartsWith("#EXTINF:", StringComparison.Ordinal))
            {
                sequence++;
                part = 0;
            }
            else if (line.StartsWith("#EXT-X-PART:", StringComparison.Ordinal))
            {
                part++;
            }
        }

        return new PlaylistPlace(sequence, part, text.Contains("#EXT-X-ENDLIST", StringComparison.Ordinal));
    }
}
