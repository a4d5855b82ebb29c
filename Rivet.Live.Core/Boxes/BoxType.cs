using System.Buffers.Binary;
using System.Globalization;

namespace Rivet.Live.Core.Boxes;

/// <summary>A four-character code: what a box, a brand, a handler or a sample entry is called.</summary>
/// <param name="Code">The four characters, first one in the high byte.</param>
internal readonly record struct BoxType(uint Code)
{
    public static BoxType Ac3 { get; } = Of("ac-3");
    public static BoxType Av01 { get; } = Of("av01");
    public static BoxType Av1C { get; } = Of("av1C");
    public static BoxType Avc1 { get; } = Of("avc1");
    public static BoxType Avc3 { get; } = Of("avc3");
    public static BoxType AvcC { get; } = Of("avcC");
    public static BoxType Colr { get; } = Of("colr");
    public static BoxType Co64 { get; } = Of("co64");
    public static BoxType Ctts { get; } = Of("ctts");
    public static BoxType Dac3 { get; } = Of("dac3");
    public static BoxType Dec3 { get; } = Of("dec3");
    public static BoxType Dinf { get; } = Of("dinf");
    public static BoxType DOps { get; } = Of("dOps");
    public static BoxType Dref { get; } = Of("dref");
    public static BoxType Ec3 { get; } = Of("ec-3");
    public static BoxType Edts { get; } = Of("edts");
    public static BoxType Elst { get; } = Of("elst");
    public static BoxType Emib { get; } = Of("emib");
    public static BoxType Emsg { get; } = Of("emsg");
    public static BoxType Esds { get; } = Of("esds");
    public static BoxType Free { get; } = Of("free");
    public static BoxType Ftyp { get; } = Of("ftyp");
    public static BoxType Hdlr { get; } = Of("hdlr");
    public static BoxType Hev1 { get; } = Of("hev1");
    public static BoxType Hvc1 { get; } = Of("hvc1");
    public static BoxType HvcC { get; } = Of("hvcC");
    public static BoxType Lmsg { get; } = Of("lmsg");
    public static BoxType Mdat { get; } = Of("mdat");
    public static BoxType Mdhd { get; } = Of("mdhd");
    public static BoxType Mdia { get; } = Of("mdia");
    public static BoxType Meta { get; } = Of("meta");
    public static BoxType Mfhd { get; } = Of("mfhd");
    public static BoxType Mfra { get; } = Of("mfra");
    public static BoxType Minf { get; } = Of("minf");
    public static BoxType Moof { get; } = Of("moof");
    public static BoxType Moov { get; } = Of("moov");
    public static BoxType Mp4a { get; } = Of("mp4a");
    public static BoxType Mvex { get; } = Of("mvex");
    public static BoxType Mvhd { get; } = Of("mvhd");
    public static BoxType Opus { get; } = Of("Opus");
    public static BoxType Pasp { get; } = Of("pasp");
    public static BoxType Pdin { get; } = Of("pdin");
    public static BoxType Prft { get; } = Of("prft");
    public static BoxType Sidx { get; } = Of("sidx");
    public static BoxType Skip { get; } = Of("skip");
    public static BoxType Slat { get; } = Of("slat");
    public static BoxType Smhd { get; } = Of("smhd");
    public static BoxType Soun { get; } = Of("soun");
    public static BoxType Stbl { get; } = Of("stbl");
    public static BoxType Stco { get; } = Of("stco");
    public static BoxType Stsc { get; } = Of("stsc");
    public static BoxType Stsd { get; } = Of("stsd");
    public static BoxType Stss { get; } = Of("stss");
    public static BoxType Stsz { get; } = Of("stsz");
    public static BoxType Stts { get; } = Of("stts");
    public static BoxType Styp { get; } = Of("styp");
    public static BoxType Tfdt { get; } = Of("tfdt");
    public static BoxType Tfhd { get; } = Of("tfhd");
    public static BoxType Tkhd { get; } = Of("tkhd");
    public static BoxType Traf { get; } = Of("traf");
    public static BoxType Trak { get; } = Of("trak");
    public static BoxType Trex { get; } = Of("trex");
    public static BoxType Trun { get; } = Of("trun");
    public static BoxType Url { get; } = Of("url ");
    public static BoxType Uuid { get; } = Of("uuid");
    public static BoxType Vide { get; } = Of("vide");
    public static BoxType Vmhd { get; } = Of("vmhd");
    public static BoxType Vp09 { get; } = Of("vp09");
    public static BoxType VpcC { get; } = Of("vpcC");
    public static BoxType Wave { get; } = Of("wave");
    public static BoxType Wide { get; } = Of("wide");

    /// <summary>False where the bytes cannot be a box type: whoever sent them is not sending boxes here.</summary>
    public bool IsPrintable
    {
        get
        {
            for (int shift = 24; shift >= 0; shift -= 8)
            {
                // 0xA9 is the copyright sign that QuickTime's user data types begin with.
                if ((byte)(Code >> shift) is not ((>= 0x20 and <= 0x7E) or 0xA9))
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <param name="fourCharacters">Four Latin-1 characters.</param>
    public static BoxType Of(string fourCharacters)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(fourCharacters.Length, 4);
        Span<byte> bytes = stackalloc byte[4];
        System.Text.Encoding.Latin1.GetBytes(fourCharacters, bytes);
        return new BoxType(BinaryPrimitives.ReadUInt32BigEndian(bytes));
    }

    /// <summary>The four characters, or their bytes in hex where they cannot be shown.</summary>
    public override string ToString()
    {
        if (!IsPrintable)
        {
            return "0x" + Code.ToString("x8", CultureInfo.InvariantCulture);
        }

        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Code);
        return System.Text.Encoding.Latin1.GetString(bytes);
    }
}
