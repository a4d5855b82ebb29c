using System.Buffers.Binary;

namespace Rivet.Live.Tests.HlsCheck;

/// <summary>Fragmented MP4 with just what a checker reads.</summary>
internal static class TinyMp4
{
    public static byte[] VideoInit(int width, int height, uint timescale)
    {
        byte[] entry = [.. new byte[24], .. UInt16(width), .. UInt16(height), .. new byte[50], .. Box("avcC", [1, 0x64, 0, 0x1e, 0xff, 0xe0, 0])];
        return Init("vide", timescale, Box("avc1", entry));
    }

    public static byte[] AudioInit(uint timescale)
    {
        byte[] entry = [.. new byte[16], .. UInt16(2), .. UInt16(16), .. new byte[4], .. UInt32(timescale << 16), .. Box("dOps", [0, 2, 1, 56, 0, 0, 0xbb, 0x80, 0, 0, 0])];
        return Init("soun", timescale, Box("Opus", entry));
    }

    /// <summary>A moof and mdat of samples that last equally long.</summary>
    public static byte[] Fragment(long start, uint sampleDuration, int samples, int sampleBytes, bool startsWithSync, bool allSync)
    {
        const uint sync = 0x02000000;
        const uint nonSync = 0x01010000;
        byte[] tfhd = [.. UInt32(0x020038), .. UInt32(1), .. UInt32(sampleDuration), .. UInt32((uint)sampleBytes), .. UInt32(allSync ? sync : nonSync)];
        byte[] tfdt = [.. UInt32(0x01000000), .. UInt64((ulong)start)];
        byte[] trun = [.. UInt32(0x000005), .. UInt32((uint)samples), .. UInt32(0), .. UInt32(startsWithSync ? sync : nonSync)];
        byte[] payload = new byte[samples * sampleBytes];
        new Random((int)start).NextBytes(payload);
        return [.. Box("moof", [.. Box("mfhd", new byte[8]), .. Box("traf", [.. Box("tfhd", tfhd), .. Box("tfdt", tfdt), .. Box("trun", trun)])]), .. Box("mdat", payload)];
    }

    private static byte[] Init(string handler, uint timescale, byte[] sampleEntry)
    {
        byte[] tkhd = new byte[84];
        BinaryPrimitives.WriteUInt32BigEndian(tkhd.AsSpan(12), 1);
        byte[] mdhd = [.. new byte[12], .. UInt32(timescale), .. new byte[8]];
        byte[] hdlr = [.. new byte[8], .. Word(handler), .. new byte[13]];
        byte[] stsd = [.. new byte[4], .. UInt32(1), .. sampleEntry];
        byte[] mdia = [.. Box("mdhd", mdhd), .. Box("hdlr", hdlr), .. Box("minf", Box("stbl", Box("stsd", stsd)))];
        byte[] trex = [.. new byte[4], .. UInt32(1), .. UInt32(1), .. new byte[12]];
        return [.. Box("ftyp", Word("iso6")), .. Box("moov", [.. Box("trak", [.. Box("tkhd", tkhd), .. Box("mdia", mdia)]), .. Box("mvex", Box("trex", trex))])];
    }

    private static byte[] Box(string type, byte[] body) => [.. UInt32((uint)body.Length + 8), .. Word(type), .. body];

    private static byte[] Word(string text) => System.Text.Encoding.Latin1.GetBytes(text);

    private static byte[] UInt16(int value) => [(byte)(value >> 8), (byte)value];

    private static byte[] UInt32(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] UInt64(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }
}
