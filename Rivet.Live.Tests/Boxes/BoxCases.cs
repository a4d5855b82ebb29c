using System.Buffers;

using Rivet.Live.Core.Boxes;

namespace Rivet.Live.Tests.Boxes;

/// <summary>Every box that the house reads, in each shape it comes in.</summary>
internal static class BoxCases
{
    private const string Matrix = "00010000 00000000 00000000 00000000 00010000 00000000 00000000 00000000 40000000";
    private const string AscEsds = "00000000 03808080250002000480808017401500000000010d8800010d880580808005118856e500068080800102";
    private const string OwnEsds = "00000000 0380808022000000 0480808014 4015 0000000000000000000000 0580808002 1190 0680808001 02";
    private const string Avc = "0142c00bffe100186742c00bda0a37e4c044000003000400000300c83c50aa80";
    private const string VisualRest = "00480000 00480000 00000000 0001 0000000000000000000000000000000000000000000000000000000000000000 0018 ffff";

    public static List<BoxCase> All { get; } =
    [
        .. Movie(), .. Fragment(), .. SampleEntries(), .. Configurations(),
    ];

    private static List<BoxCase> Movie() =>
    [
        BoxCase.Of("mvhd v0", $"00000000 00000000 00000000 000003e8 00000000 00010000 0100 00000000000000000000 {Matrix} 000000000000000000000000000000000000000000000000 00000003", new Mvhd(1000, 3), Mvhd.TryRead, new Mvhd(1000, 3).Write),
        BoxCase.Of("mvhd v1", $"01000000 0000000000000001 0000000000000002 00015f90 0000000000000003 00010000 0100 00000000000000000000 {Matrix} 000000000000000000000000000000000000000000000000 00000002", new Mvhd(90000, 2), Mvhd.TryRead),
        BoxCase.Of("tkhd v0", $"00000003 00000000 00000000 00000001 00000000 00000000 0000000000000000 0000 0000 0000 0000 {Matrix} 00a00000 005a0000", new Tkhd(1, 0, 160 << 16, 90 << 16), Tkhd.TryRead, new Tkhd(1, 0, 160 << 16, 90 << 16).Write),
        BoxCase.Of("tkhd v1", $"01000003 0000000000000001 0000000000000001 00000007 00000000 0000000000000000 0000000000000000 0000 0001 0100 0000 {Matrix} 00000000 00000000", new Tkhd(7, 0x0100, 0, 0), Tkhd.TryRead),
        BoxCase.Of("mdhd v0", "00000000 00000000 00000000 00003c00 00000000 55c4 0000", new Mdhd(15360, "und"), Mdhd.TryRead, new Mdhd(15360, "und").Write),
        BoxCase.Of("mdhd v1 deu", "01000000 0000000000000000 0000000000000000 0000bb80 0000000000000000 10b5 0000", new Mdhd(48000, "deu"), Mdhd.TryRead),
        BoxCase.Of("mdhd QuickTime language", "00000000 00000000 00000000 0000bb80 00000000 0000 0000", new Mdhd(48000, "und"), Mdhd.TryRead),
        BoxCase.Of("hdlr", "00000000 00000000 76696465 000000000000000000000000 52697665742e4c69766500", new Hdlr(BoxType.Vide), Hdlr.TryRead, new Hdlr(BoxType.Vide).Write, neededBytes: 12),
        BoxCase.Of("elst v0", "00000000 00000001 00000000 00000400 00010000", new Elst(0, 1024), Elst.TryRead),
        BoxCase.Of("elst v0 empty edit first", "00000000 00000002 00000015 ffffffff 00010000 00000000 00000000 00010000", new Elst(21, 0), Elst.TryRead),
        BoxCase.Of("elst v1", "01000000 00000001 0000000000000000 0000000000000400 00010000", new Elst(0, 1024), Elst.TryRead, new Elst(0, 1024).Write),
        BoxCase.Of("elst v1 empty edit first", "01000000 00000002 0000000000000015 ffffffffffffffff 00010000 0000000000000000 0000000000000007 00010000", new Elst(21, 7), Elst.TryRead, new Elst(21, 7).Write),
        BoxCase.Of("trex", "00000000 00000001 00000001 00000200 00000000 01010000", new Trex(1, 1, 512, 0, SampleFlags.NonSync), Trex.TryRead, new Trex(1, 1, 512, 0, SampleFlags.NonSync).Write),
    ];

    private static List<BoxCase> Fragment() =>
    [
        BoxCase.Of("mfhd", "00000000 00000009", new Mfhd(9), Mfhd.TryRead, new Mfhd(9).Write),
        BoxCase.Of("tfhd nothing", "00000000 00000001", new Tfhd(1), Tfhd.TryRead, new Tfhd(1).Write),
        BoxCase.Of("tfhd of the moof", "00020038 00000001 00000200 00000123 01010000", new Tfhd(1, null, null, 512, 0x123, SampleFlags.NonSync, true), Tfhd.TryRead, new Tfhd(1, null, null, 512, 0x123, SampleFlags.NonSync, true).Write),
        BoxCase.Of("tfhd of the file", "00000003 00000002 0000000100000000 00000001", new Tfhd(2, 1ul << 32, 1), Tfhd.TryRead, new Tfhd(2, 1ul << 32, 1).Write),
        BoxCase.Of("tfdt v0", "00000000 80000000", new Tfdt(0x80000000), Tfdt.TryRead),
        BoxCase.Of("tfdt v1", "01000000 0000000180000000", new Tfdt(0x180000000), Tfdt.TryRead, new Tfdt(0x180000000).Write),
        BoxCase.Of("tfxd v0", "00000000 00000005 00000006", new Tfxd(5, 6), Tfxd.TryRead),
        BoxCase.Of("tfxd v1", "01000000 ffffffffffffffff 0000000000000006", new Tfxd(-1, 6), Tfxd.TryRead),
        BoxCase.Of("prft v0", "00000018 00000001 ed00000080000000 00000005", new Prft(1, 0xed00000080000000, 5), Prft.TryRead),
        BoxCase.Of("prft v1", "01000000 00000001 ed00000080000000 0000000100000005", new Prft(1, 0xed00000080000000, 0x100000005), Prft.TryRead, new Prft(1, 0xed00000080000000, 0x100000005).Write),
        BoxCase.Of("trun of defaults", "00000001 00000002 00000060", new Trun(2, TrunFields.None, 0x60, null), Trun.TryRead),
        BoxCase.Of("trun of everything", "01000f05 00000001 00000060 02000000 00000001 00000002 00000003 fffffffc", new Trun(1, TrunFields.All, 0x60, SampleFlags.Sync), Trun.TryRead, WriteRun),
    ];

    private static List<BoxCase> SampleEntries() =>
    [
        BoxCase.Of("visual", $"000000000000 0001 00000000000000000000000000000000 00a0 005a {VisualRest}", new VisualSampleEntry(160, 90), VisualSampleEntry.TryRead, boxes => new VisualSampleEntry(160, 90).Open(boxes, BoxType.Avc1).Dispose()),
        BoxCase.Of("audio", "000000000000 0001 0000000000000000 0002 0010 0000 0000 bb800000", new AudioSampleEntry(2, 48000), ReadAudio, boxes => new AudioSampleEntry(2, 48000).Open(boxes, BoxType.Mp4a).Dispose()),
        BoxCase.Of("audio QuickTime v1", "000000000000 0001 0001000000000000 0002 0010 0000 0000 bb800000 00000400000000020000000400000002", new AudioSampleEntry(2, 48000, 44), ReadAudio),
        BoxCase.Of("audio QuickTime v2", "000000000000 0001 0002000000000000 0003 0010 fffe 0000 00010000 00000048 40e7700000000000 00000006 7f000000 00000018000000000000000000000000", new AudioSampleEntry(6, 48000, 64), ReadAudio),
    ];

    private static List<BoxCase> Configurations() =>
    [
        BoxCase.Of("avcC", Avc + "01000468ce0fc8", new AvcC(0x42, 0xC0, 0x0B, 4, 8, 24), AvcC.TryRead, neededBytes: Avc.Length / 2),
        BoxCase.Of("avcC without parameter sets", "0164001fffe0", new AvcC(0x64, 0, 0x1F, 4, 0, 0), AvcC.TryRead),
        BoxCase.Of("hvcC", "0101600000009000000000005df000fcfdf8f800000f00", new HvcC(0, false, 1, 0x60000000, 0x900000000000, 93, 0, 0), HvcC.TryRead),
        BoxCase.Of("av1C", "81cdcc00", new Av1C(6, 13, true, 10), Av1C.TryRead),
        BoxCase.Of("vpcC", "01000000 00 0a 82 02 02 02 0000", new VpcC(0, 10, 8), VpcC.TryRead),
        BoxCase.Of("esds", AscEsds, new Esds(0x40, 35, 5), Esds.TryRead, neededBytes: 40),
        BoxCase.Of("esds short lengths", "00000000 03 16 0000 00 04 11 40 15 0000000000000000000000 05 02 1190", new Esds(0x40, 26, 2), Esds.TryRead),
        BoxCase.Of("esds MP3", "00000000 03 15 0000 00 04 0d 6b 15 0000000000000000000000 06 01 02", new Esds(0x6B, 0, 0), Esds.TryRead, neededBytes: 24),
        BoxCase.Of("esds written", OwnEsds, new Esds(0x40, 35, 2), Esds.TryRead, static boxes => Esds.Write(boxes, [0x11, 0x90]), neededBytes: 37),
        BoxCase.Of("dOps", "00 02 0138 0000bb80 0000 00", new DOps(2, 312, 48000), DOps.TryRead, new DOps(2, 312, 48000).Write),
        BoxCase.Of("dOps surround", "00 06 0138 0000bb80 0000 01 04 02 000401020305", new DOps(6, 312, 48000), DOps.TryRead),
        BoxCase.Of("dac3 mono", "1008c0", new Dac3(48000, 1), Dac3.TryRead),
        BoxCase.Of("dac3 5.1", "503d40", new Dac3(44100, 6), Dac3.TryRead),
        BoxCase.Of("dec3 mono", "0300 200200", new Dec3(48000, 1), Dec3.TryRead),
        BoxCase.Of("dec3 5.1", "0c00 200f00", new Dec3(48000, 6), Dec3.TryRead),
    ];

    private static OperationStatus ReadAudio(ReadOnlySpan<byte> payload, out AudioSampleEntry entry) =>
        AudioSampleEntry.TryRead(payload, isQuickTime: true, out entry);

    private static void WriteRun(BoxWriter boxes)
    {
        Trun trun = new(1, TrunFields.All, 0x60, SampleFlags.Sync);
        using (trun.Open(boxes, hasSignedOffsets: true))
        {
            new TrunEntry(1, 2, 3, -4).Write(boxes, trun.Fields);
        }
    }
}
