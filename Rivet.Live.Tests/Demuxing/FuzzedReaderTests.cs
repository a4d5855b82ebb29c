using System.Buffers;
using Rivet.Live.Core.Bitstream;
using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Bitstream;
using Rivet.Live.Tests.Boxes;
using Rivet.Live.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Rivet.Live.Tests.Demuxing;

/// <summary>Readers of small things, given anything: they answer, whatever it is. <c>RIVET_FUZZ_INPUTS</c> is how often, for a night.</summary>
public sealed class FuzzedReaderTests(ITestOutputHelper output)
{
    private static readonly int Inputs = FuzzLength.Of(20_000);

    [Fact]
    public void Boxes_DamagedAtRandom_AreReadOrRefused()
    {
        Random random = Seeded();
        BoxCase[] cases = [.. BoxCases.All];
        for (int input = 0; input < Inputs; input++)
        {
            BoxCase box = cases[random.Next(cases.Length)];
            byte[] bytes = Damaged(box.PayloadBytes, random);
            Assert.True(box.Read(bytes, out _) is OperationStatus.Done or OperationStatus.NeedMoreData or OperationStatus.InvalidData, $"{box.Name}: {Convert.ToHexString(bytes)}");
        }
    }

    [Fact]
    public void ParameterSets_DamagedAtRandom_AreReadOrRefused()
    {
        Random random = Seeded();
        byte[] avc = Convert.FromHexString("6742c00bda0a37e4c044000003000400000300c83c50aa80");
        byte[] hevc = Convert.FromHexString("420101016000000300900000030000030" + "03fa00a080b1f796b9290a93c02dc080800010001000f8008c4");
        byte[] av1 = Convert.FromHexString("0a0b00000004472ffcc03f0800");
        byte[] asc = Convert.FromHexString("118856e500");
        for (int input = 0; input < Inputs; input++)
        {
            _ = AvcSps.TryRead(Damaged(avc, random), out _);
            _ = HevcSps.TryRead(Damaged(hevc, random), out _);
            _ = Av1SequenceHeader.TryRead(Damaged(av1, random), out _);
            _ = AudioSpecificConfig.TryRead(Damaged(asc, random), out _);
        }
    }

    [Fact]
    public void Messages_DamagedAtRandom_AreReadOrRefused()
    {
        Random random = Seeded();
        byte[][] sections = [.. ((string[])[SpliceSectionTests.Insert, SpliceSectionTests.PlacementStart, SpliceSectionTests.PlacementEnd, SpliceSectionTests.Programme]).Select(Convert.FromHexString)];
        byte[] emsg = Convert.FromHexString("0100000000015f9000000001000001f4000000640000000775726e3a61003100fc30");
        byte[] emib = Convert.FromHexString("0000000000000000fffffffffffffe0c000000640000000775726e3a61003100fc30");
        MediaTime start = new(0, 1000);
        BroadcastSession session = FragmentFactory.Session();
        TimedMessages messages = new(session);
        for (int input = 0; input < Inputs; input++)
        {
            byte[] section = Damaged(sections[random.Next(sections.Length)], random);
            _ = SpliceSection.TryRead(section, out _);
            _ = Emib.TryRead(Damaged(emib, random), out _);
            bool isRead = Emsg.TryRead(Damaged(emsg, random), out Emsg? read) == OperationStatus.Done;
            messages.Take(isRead ? read! : new Emsg(TimedMessages.SpliceScheme, "", 1000, 0, IsAbsolute: true, 0, (uint)input, section), start with { Ticks = input * 100L });
            Assert.InRange(session.DateRanges.ListedFrom(DateTimeOffset.UnixEpoch.AddSeconds(input / 10.0)).Count, 0, DateRanges.Max);
        }
    }

    [Fact]
    public void NamesAndManifests_DamagedAtRandom_AreReadOrRefused()
    {
        Random random = Seeded();
        byte[] name = "Switching(v)/chunk-stream0-00001.m4s"u8.ToArray();
        byte[] mpd = """<MPD type="static"><Period><AdaptationSet><SegmentTemplate initialization="i-$RepresentationID$.m4s" media="c-$Number%05d$.m4s"/><Representation id="0"/></AdaptationSet></Period></MPD>"""u8.ToArray();
        byte[] playlist = "#EXTM3U\n#EXT-X-MAP:URI=\"init.mp4\"\n#EXTINF:2,\nlive0.m4s\n#EXT-X-ENDLIST\n"u8.ToArray();
        ObjectGroups groups = new();
        for (int input = 0; input < Inputs / 10; input++)
        {
            if (ObjectName.TryParse(System.Text.Encoding.Latin1.GetString(Damaged(name, random)), out ObjectName? read))
            {
                Assert.DoesNotContain("..", groups.StreamOf(read).Split('/'));
            }

            groups.Learn(PushedManifest.Read(Damaged(mpd, random)));
            groups.Learn(PushedManifest.Read(Damaged(playlist, random)));
        }
    }

    private static byte[] Damaged(byte[] original, Random random)
    {
        List<byte> bytes = [.. original];
        for (int count = random.Next(1, 5); count > 0 && bytes.Count > 0; count--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 8), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 8), bytes.Count - at)));
                    break;
                default:
                    bytes[at] = (byte)(random.Next(2) * 255);
                    break;
            }
        }

        return [.. bytes];
    }

    private Random Seeded()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        return new Random(seed);
    }
}
