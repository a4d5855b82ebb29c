namespace Rivet.Live.HlsCheck.Media;

/// <summary>What an init segment says of one track.</summary>
/// <param name="Id">track_ID.</param>
/// <param name="Handler">"vide" or "soun".</param>
/// <param name="Timescale">Ticks a second.</param>
/// <param name="Codec">As CODECS names it (RFC 6381); null for a sample entry that this does not know.</param>
/// <param name="Width">Pixels; 0 for audio.</param>
/// <param name="Height">Pixels; 0 for audio.</param>
/// <param name="EditStart">Media time at which presentation begins, ticks.</param>
/// <param name="DefaultDuration">Of a sample (trex).</param>
/// <param name="DefaultFlags">Of a sample (trex).</param>
internal sealed record InitTrack(
    uint Id, string Handler, uint Timescale, string? Codec, int Width, int Height, long EditStart, uint DefaultDuration, uint DefaultFlags)
{
    public bool IsVideo => Handler == "vide";

    /// <summary>The tracks of an init segment; none where it is no MP4.</summary>
    public static IReadOnlyList<InitTrack> Parse(ReadOnlyMemory<byte> init)
    {
        ReadOnlyMemory<byte> moov = BoxWalk.Find(init, "moov");
        ReadOnlyMemory<byte>[] defaults = [.. BoxWalk.Boxes(BoxWalk.Find(moov, "mvex")).Where(static box => box is { Type: "trex", Body.Length: >= 24 }).Select(static box => box.Body)];
        return [.. BoxWalk.Boxes(moov).Where(static box => box.Type == "trak").Select(box => ParseTrack(box.Body, defaults)).OfType<InitTrack>()];
    }

    private static InitTrack? ParseTrack(ReadOnlyMemory<byte> trak, ReadOnlyMemory<byte>[] defaults)
    {
        ReadOnlyMemory<byte> tkhd = BoxWalk.Find(trak, "tkhd");
        ReadOnlyMemory<byte> mdhd = BoxWalk.Find(trak, "mdia", "mdhd");
        ReadOnlyMemory<byte> hdlr = BoxWalk.Find(trak, "mdia", "hdlr");
        ReadOnlyMemory<byte> stsd = BoxWalk.Find(trak, "mdia", "minf", "stbl", "stsd");
        if (tkhd.Length < 84 || mdhd.Length < 24 || hdlr.Length < 12 || stsd.Length < 16)
        {
            return null;
        }

        uint id = BoxWalk.UInt32(tkhd, tkhd.Span[0] == 1 ? 20 : 12);
        string handler = System.Text.Encoding.Latin1.GetString(hdlr.Span.Slice(8, 4));
        (string type, ReadOnlyMemory<byte> entry) = BoxWalk.Boxes(stsd[8..]).FirstOrDefault();
        bool isVideo = handler == "vide" && entry.Length >= 78;
        ReadOnlyMemory<byte> trex = defaults.FirstOrDefault(trex => BoxWalk.UInt32(trex, 4) == id);
        return new InitTrack(
            id,
            handler,
            BoxWalk.UInt32(mdhd, mdhd.Span[0] == 1 ? 20 : 12),
            CodecName.Of(type, entry),
            isVideo ? BoxWalk.UInt16(entry, 24) : 0,
            isVideo ? BoxWalk.UInt16(entry, 26) : 0,
            EditStartOf(BoxWalk.Find(trak, "edts", "elst")),
            trex.IsEmpty ? 0 : BoxWalk.UInt32(trex, 12),
            trex.IsEmpty ? 0 : BoxWalk.UInt32(trex, 20));
    }

    private static long EditStartOf(ReadOnlyMemory<byte> elst)
    {
        if (elst.Length < 20)
        {
            return 0;
        }

        bool isLong = elst.Span[0] == 1;
        int entry = isLong ? 20 : 12;
        for (int index = 0; index < BoxWalk.UInt32(elst, 4) && 8 + ((index + 1) * entry) <= elst.Length; index++)
        {
            int at = 8 + (index * entry);
            long start = isLong ? BoxWalk.UInt64(elst, at + 8) : (int)BoxWalk.UInt32(elst, at + 4);
            if (start >= 0)
            {
                return start;
            }
        }

        return 0;
    }
}
