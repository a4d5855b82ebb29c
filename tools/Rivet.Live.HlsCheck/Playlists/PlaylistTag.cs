namespace Rivet.Live.HlsCheck.Playlists;

/// <summary>A line of a playlist that is a tag.</summary>
/// <param name="Name">Without the '#'.</param>
/// <param name="Value">Behind the colon; empty where there is none.</param>
/// <param name="Line">From 1.</param>
internal sealed record PlaylistTag(string Name, string Value, int Line)
{
    public static PlaylistTag Parse(string line, int number)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new PlaylistTag(line[1..], "", number) : new PlaylistTag(line[1..colon], line[(colon + 1)..], number);
    }
}

/// <summary>Something in a playlist that its grammar does not allow.</summary>
internal sealed record SyntaxMistake(int Line, string Text);

/// <summary>A stretch of a resource (EXT-X-BYTERANGE, BYTERANGE).</summary>
internal sealed record ByteRange(long Start, long Length)
{
    /// <summary>As a Range header says it.</summary>
    public string Header => $"bytes={Start}-{Start + Length - 1}";
}

/// <summary>EXT-X-MAP.</summary>
internal sealed record InitMap(Uri Uri, ByteRange? Range);

/// <summary>EXT-X-PART.</summary>
/// <param name="Uri">Where it is.</param>
/// <param name="Range">Null for a whole resource.</param>
/// <param name="Duration">Seconds.</param>
/// <param name="IsIndependent">INDEPENDENT=YES.</param>
/// <param name="IsGap">GAP=YES.</param>
/// <param name="Index">In its segment, from 0.</param>
/// <param name="Line">Of the tag.</param>
internal sealed record PartEntry(Uri Uri, ByteRange? Range, decimal Duration, bool IsIndependent, bool IsGap, int Index, int Line);

/// <summary>EXT-X-PRELOAD-HINT.</summary>
internal sealed record PreloadHint(string Type, Uri Uri, long? RangeStart, long? RangeLength, int Line);

/// <summary>EXT-X-RENDITION-REPORT.</summary>
internal sealed record RenditionReport(Uri Uri, bool IsRelative, long? LastSequence, int? LastPart, int Line);

/// <summary>A place in a playlist: a segment, and a part of it; -1 where the segment has none.</summary>
internal readonly record struct Position(long Sequence, int Part) : IComparable<Position>
{
    public int CompareTo(Position other) => Sequence != other.Sequence ? Sequence.CompareTo(other.Sequence) : Part.CompareTo(other.Part);

    public static bool operator <(Position left, Position right) => left.CompareTo(right) < 0;

    public static bool operator >(Position left, Position right) => left.CompareTo(right) > 0;

    public static bool operator <=(Position left, Position right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Position left, Position right) => left.CompareTo(right) >= 0;

    public override string ToString() => Part < 0 ? $"segment {Sequence}" : $"segment {Sequence} part {Part}";
}
