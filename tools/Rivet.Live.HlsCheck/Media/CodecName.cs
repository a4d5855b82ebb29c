using System.Globalization;

namespace Rivet.Live.HlsCheck.Media;

/// <summary>The RFC 6381 name of a sample entry, from the parameter sets in it.</summary>
internal static class CodecName
{
    private const int VideoFields = 78;
    private const int AudioFields = 28;

    public static string? Of(string type, ReadOnlyMemory<byte> entry) => type switch
    {
        "avc1" or "avc3" => Avc(type, Child(entry, VideoFields, "avcC")),
        "hvc1" or "hev1" => Hevc(type, Child(entry, VideoFields, "hvcC")),
        "av01" => Av1(Child(entry, VideoFields, "av1C")),
        "mp4a" => Aac(Child(entry, AudioFields, "esds")),
        "Opus" => "opus",
        "fLaC" => "flac",
        "ac-3" or "ec-3" => type,
        _ => null,
    };

    private static ReadOnlyMemory<byte> Child(ReadOnlyMemory<byte> entry, int fields, string type) =>
        entry.Length > fields ? BoxWalk.Find(entry[fields..], type) : default;

    private static string? Avc(string type, ReadOnlyMemory<byte> avcC) =>
        avcC.Length < 4 ? null : $"{type}.{avcC.Span[1]:x2}{avcC.Span[2]:x2}{avcC.Span[3]:x2}";

    /// <summary>ISO/IEC 14496-15 Annex E.</summary>
    private static string? Hevc(string type, ReadOnlyMemory<byte> hvcC)
    {
        if (hvcC.Length < 13)
        {
            return null;
        }

        ReadOnlySpan<byte> box = hvcC.Span;
        string space = (box[1] >> 6) switch { 1 => "A", 2 => "B", 3 => "C", _ => "" };
        uint compatibility = 0;
        for (int bit = 0; bit < 32; bit++)
        {
            compatibility |= (BoxWalk.UInt32(hvcC, 2) >> bit & 1) << (31 - bit);
        }

        string tier = (box[1] & 0x20) != 0 ? "H" : "L";
        int constraints = 6;
        while (constraints > 0 && box[5 + constraints] == 0)
        {
            constraints--;
        }

        string bytes = string.Concat(box.Slice(6, constraints).ToArray().Select(static value => $".{value:x}"));
        return $"{type}.{space}{box[1] & 0x1f}.{compatibility:x}.{tier}{box[12]}{bytes}";
    }

    private static string? Av1(ReadOnlyMemory<byte> av1C)
    {
        if (av1C.Length < 3)
        {
            return null;
        }

        (byte levels, byte flags) = (av1C.Span[1], av1C.Span[2]);
        int depth = (flags & 0x40) == 0 ? 8 : (flags & 0x20) == 0 ? 10 : 12;
        return string.Create(CultureInfo.InvariantCulture, $"av01.{levels >> 5}.{levels & 0x1f:00}{((flags & 0x80) == 0 ? 'M' : 'H')}.{depth:00}");
    }

    /// <summary>The object type out of the AudioSpecificConfig in an esds (ISO/IEC 14496-1 7.2.6).</summary>
    private static string? Aac(ReadOnlyMemory<byte> esds)
    {
        int at = 4;
        foreach ((byte tag, int fields) in new (byte, int)[] { (3, 3), (4, 13), (5, 0) })
        {
            if (at + 2 > esds.Length || esds.Span[at] != tag)
            {
                return null;
            }

            at++;
            while (at < esds.Length && (esds.Span[at] & 0x80) != 0)
            {
                at++;
            }

            if (tag == 4 && at + 1 < esds.Length && esds.Span[at + 1] is 0x6b or 0x69)
            {
                return $"mp4a.{esds.Span[at + 1]:x2}";
            }

            at += 1 + fields;
        }

        if (at >= esds.Length)
        {
            return null;
        }

        int objectType = esds.Span[at] >> 3;
        return objectType == 31 && at + 1 < esds.Length
            ? $"mp4a.40.{32 + ((esds.Span[at] & 7) << 3) + (esds.Span[at + 1] >> 5)}"
            : $"mp4a.40.{objectType}";
    }
}
