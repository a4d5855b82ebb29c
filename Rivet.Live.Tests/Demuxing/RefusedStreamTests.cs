using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;
using Xunit;


namespace Rivet.Live.Tests.Demuxing;

/// <summary>Every way to be refused: the reason, the place, and what the text tells the operator.</summary>
public sealed class RefusedStreamTests
{
    private static readonly int InitBytes = SyntheticStream.Init().Length;

    [Theory]
    [InlineData("474554202f20485454502f312e310d0a", "474554202f204854")]
    [InlineData("464c560105000000090000000017000000", "464c560105000000")]
    [InlineData("0000001c6674787000000000", "0000001c66747870")]
    public void Body_ThatIsNoMp4_IsShownInHex(string hex, string shown)
    {
        IngestRejectedException refusal = Refuse(Convert.FromHexString(hex));

        Expect(refusal, IngestRejectReason.NotIsoBmff, 0, string.Empty, shown, "-f mp4");
    }

    [Theory]
    [InlineData("moov", "delay_moov")]
    [InlineData("mdat", "streamable=true")]
    [InlineData("ftyp", "muxer")]
    public void Box_WithSizeZero_IsRefusedAtItsHeader(string type, string advice)
    {
        byte[] start = type == "ftyp" ? [] : SyntheticStream.Box("ftyp", new byte[8]);
        byte[] header = SyntheticStream.Box(type);
        header[3] = 0;

        Expect(Refuse([.. start, .. header]), IngestRejectReason.MalformedBox, start.Length, type, "is 0", advice);
    }

    [Fact]
    public void Bytes_ThatAreNoBoxAfterAGoodOne_AreShownInHex() => Expect(
        Refuse([.. SyntheticStream.Init(), 0, 0, 0, 9, 1, 2, 3, 4]),
        IngestRejectReason.MalformedBox, InitBytes, string.Empty, "0000000901020304", "lost");

    [Fact]
    public void Moov_LargerThanAllowed_IsRefusedAtItsHeader() => Expect(
        Refuse(Convert.FromHexString("010000016d6f6f76")),
        IngestRejectReason.BoxTooLarge, 0, "moov", "16777217", "16777216");

    [Fact]
    public void Mdat_LargerThanAllowed_IsRefusedAtItsHeader()
    {
        byte[] moof = Moof(samples: 1, size: 4);

        Expect(
            Refuse([.. SyntheticStream.Init(), .. moof, 2, 0, 0, 9, .. "mdat"u8]),
            IngestRejectReason.FragmentTooLarge, InitBytes + moof.Length, "mdat", "33554433", "Ingest:MaxFragmentBytes");
    }

    [Fact]
    public void Trun_WithMoreSamplesThanAllowed_IsRefusedBeforeMemoryIsTaken()
    {
        byte[] moof = Moof(samples: uint.MaxValue, size: 0);
        long before = GC.GetAllocatedBytesForCurrentThread();

        IngestRejectedException refusal = Refuse([.. SyntheticStream.Init(), .. moof]);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Expect(refusal, IngestRejectReason.FragmentTooLarge, InitBytes + 24 + 8 + 24 + 20, "moof/traf/trun", "4294967295", "65536");
    }

    [Fact]
    public void Moov_WithTooManyTracks_SaysHowManyThereMayBe()
    {
        byte[] moov = Moov(boxes =>
        {
            for (int index = 0; index < 17; index++)
            {
                boxes.Bytes(SyntheticStream.Box("trak"));
            }
        });

        Expect(Refuse(moov), IngestRejectReason.TooManyTracks, 8 + (16 * 8), "moov/trak[16]", "16 tracks");
    }

    [Fact]
    public void Moov_WithoutTracks_IsRefused() =>
        Expect(Refuse(Moov(static _ => { })), IngestRejectReason.NoTracks, 0, "moov", "'trak'");

    [Fact]
    public void Moov_WithoutMvex_IsAnOrdinaryFile()
    {
        byte[] init = SyntheticStream.Init();
        init.AsSpan(init.AsSpan().IndexOf("mvex"u8), 4).Fill((byte)'x');

        Expect(Refuse(init), IngestRejectReason.NotFragmented, 32, "moov", "'mvex'", "frag_keyframe");
    }

    [Fact]
    public void Track_WithAnUnknownCodec_IsToldTheSupportedOnes()
    {
        TrackDescription track = SyntheticStream.Describe(TrackKind.Video, SyntheticStream.SampleEntry(BoxType.Of("encv")));

        IngestRejectedException refusal = Refuse(InitSegmentWriter.Write(track));

        Expect(refusal, IngestRejectReason.UnsupportedCodec, refusal.OffsetBytes, "moov/trak/mdia/minf/stbl/stsd/encv", "'encv'", "avc1", "avc3", "hvc1", "hev1", "av01", "vp09", "mp4a", "Opus", "ac-3", "ec-3");
    }

    [Fact]
    public void Track_WithoutItsConfiguration_IsMalformed()
    {
        byte[] init = SyntheticStream.Init();
        init.AsSpan(init.AsSpan().IndexOf("avcC"u8), 4).Fill((byte)'x');

        IngestRejectedException refusal = Refuse(init);

        Expect(refusal, IngestRejectReason.MalformedBox, refusal.OffsetBytes, "moov/trak/mdia/minf/stbl/stsd/avc1", "'avcC'");
    }

    [Fact]
    public void Moof_BeforeMoov_IsRefusedAtItsHeader() => Expect(
        Refuse([.. SyntheticStream.Box("styp", new byte[8]), 0, 0, 0, 100, .. "moof"u8]),
        IngestRejectReason.MediaBeforeInit, 16, "moof", "init segment");

    [Fact]
    public void Traf_OfAnUnknownTrack_IsToldTheKnownOnes()
    {
        byte[] moof = SyntheticStream.Moof(static boxes => new Tfhd(1).Write(boxes), static boxes => new Tfhd(5).Write(boxes));

        Expect(Refuse([.. SyntheticStream.Init(), .. moof]), IngestRejectReason.UnknownTrack, InitBytes + 24 + 24 + 8, "moof/traf[1]/tfhd", "is 5", "has 1");
    }

    [Fact]
    public void Samples_BeyondTheMdat_AreRefusedAtItsHeader()
    {
        byte[] moof = Moof(samples: 2, size: 4);

        IngestRejectedException refusal = Refuse([.. SyntheticStream.Init(), .. moof, .. SyntheticStream.Box("mdat", new byte[7])]);

        int mdat = InitBytes + moof.Length + 8;
        Expect(refusal, IngestRejectReason.SampleOutsideMdat, InitBytes + 24, "moof/traf[0]", $"{mdat + 4} to {mdat + 8}", $"{mdat} to {mdat + 7}", "default_base_moof");
    }

    [Fact]
    public void Moof_WhileAnotherWaitsForItsMdat_IsRefused()
    {
        byte[] moof = Moof(samples: 1, size: 4);

        Expect(Refuse([.. SyntheticStream.Init(), .. moof, .. moof]), IngestRejectReason.SampleOutsideMdat, InitBytes + moof.Length, "moof", "no mdat");
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData((1ul << 32) * 1000 + 1)]
    public void DecodeTime_BeyondTheClock_IsRefused(ulong decodeTime)
    {
        byte[] moof = SyntheticStream.Moof(boxes =>
        {
            new Tfhd(1, DefaultBaseIsMoof: true).Write(boxes);
            new Tfdt(decodeTime).Write(boxes);
            SyntheticStream.Run(boxes, 1, 0);
        });

        Expect(Refuse([.. SyntheticStream.Init(), .. moof]), IngestRejectReason.TimestampOutOfRange, InitBytes + 24 + 8 + 16, "moof/traf/tfdt", $"{decodeTime}", "4294967296 seconds");
    }

    /// <summary>Found by a damaged stream: the hole behind it was told segment by segment, a thousand million of them, while everybody waited.</summary>
    [Fact]
    public void Sample_ThatLastsForDays_IsRefused()
    {
        byte[] moof = SyntheticStream.Moof(boxes =>
        {
            new Tfhd(1, Duration: 2_000_000_000, Size: 4, DefaultBaseIsMoof: true).Write(boxes);
            new Tfdt(0).Write(boxes);
            SyntheticStream.Run(boxes, 1, 0);
        });

        IngestRejectedException refusal = Refuse([.. SyntheticStream.Init(), .. moof]);

        Expect(refusal, IngestRejectReason.TimestampOutOfRange, refusal.OffsetBytes, "moof/traf/trun", "3600 s");
    }

    /// <summary>As above, for its presentation time.</summary>
    [Fact]
    public void Picture_ThatIsShownDaysAfterItWasDecoded_IsRefused()
    {
        byte[] moof = SyntheticStream.Moof(boxes =>
        {
            new Tfhd(1, Duration: 40, Size: 4, DefaultBaseIsMoof: true).Write(boxes);
            new Tfdt(0).Write(boxes);
            using (new Trun(1, TrunFields.CompositionOffset, 0, null).Open(boxes, hasSignedOffsets: true))
            {
                boxes.UInt32(2_000_000_000);
            }
        });

        IngestRejectedException refusal = Refuse([.. SyntheticStream.Init(), .. moof]);

        Expect(refusal, IngestRejectReason.TimestampOutOfRange, refusal.OffsetBytes, "moof/traf/trun", "2000000000", "60000");
    }

    [Fact]
    public void Timescale_OfZero_IsRefused()
    {
        byte[] init = InitSegmentWriter.Write(SyntheticStream.Video with { Timescale = 0 });

        IngestRejectedException refusal = Refuse(init);

        Expect(refusal, IngestRejectReason.TimestampOutOfRange, refusal.OffsetBytes, "moov/trak/mdia/mdhd", "is 0", "1000000000");
    }

    [Fact]
    public void Trun_TooShortForItsSamples_IsMalformed()
    {
        byte[] moof = SyntheticStream.Moof(boxes =>
        {
            new Tfhd(1).Write(boxes);
            using (boxes.OpenFull(BoxType.Trun, version: 0, (uint)TrunFields.Size))
            {
                boxes.UInt32(90000);
            }
        });

        Expect(Refuse([.. SyntheticStream.Init(), .. moof]), IngestRejectReason.MalformedBox, InitBytes + 24 + 8 + 16, "moof/traf/trun", "too short");
    }

    [Fact]
    public void Child_LargerThanItsParent_IsMalformed()
    {
        byte[] moof = SyntheticStream.Moof(static boxes => boxes.Bytes([0, 0, 1, 0, .. "trun"u8]));

        Expect(Refuse([.. SyntheticStream.Init(), .. moof]), IngestRejectReason.MalformedBox, InitBytes + 24 + 8, "moof/traf/trun", "8 bytes left");
    }

    private static byte[] Moov(Action<BoxWriter> children) => SyntheticStream.Box("moov", children);

    /// <summary>One traf of track 1; its mdat must follow directly.</summary>
    private static byte[] Moof(uint samples, uint size) => SyntheticStream.Moof(boxes =>
    {
        new Tfhd(1, Duration: 40, Size: size, DefaultBaseIsMoof: true).Write(boxes);
        new Tfdt(0).Write(boxes);
        SyntheticStream.Run(boxes, samples, 24 + 8 + 24 + 20 + 20 + 8);
    });

    private static IngestRejectedException Refuse(byte[] bytes)
    {
        IngestRejectedException whole = Assert.Throws<IngestRejectedException>(() => ReadStream.Of(bytes));
        IngestRejectedException single = Assert.Throws<IngestRejectedException>(
            () => ReadStream.Of(Enumerable.Range(0, bytes.Length).Select(offset => new ReadOnlyMemory<byte>(bytes, offset, 1))));
        Assert.Equal(whole.Message, single.Message);
        return whole;
    }

    private static void Expect(IngestRejectedException refusal, IngestRejectReason reason, long offset, string path, params string[] facts)
    {
        Assert.Equal((reason, offset, path), (refusal.Reason, refusal.OffsetBytes, refusal.BoxPath));
        Assert.All(facts, fact => Assert.Contains(fact, refusal.Detail, StringComparison.Ordinal));
        Assert.EndsWith(refusal.Detail, refusal.Message, StringComparison.Ordinal);
    }
}
