using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Packaging;
using Xunit;


namespace Rivet.Live.Tests.Demuxing;

/// <summary>Odd streams that are good all the same.</summary>
public sealed class AcceptedStreamTests
{
    [Theory]
    [InlineData("sidx")]
    [InlineData("styp")]
    [InlineData("prft")]
    [InlineData("emsg")]
    [InlineData("uuid")]
    [InlineData("free")]
    [InlineData("skip")]
    [InlineData("meta")]
    [InlineData("mfra")]
    [InlineData("udta")]
    [InlineData("abcd")]
    public void OtherBox_Anywhere_IsSteppedOver(string type)
    {
        byte[] odd = [.. SyntheticStream.Box(type, new byte[40]), .. SyntheticStream.Box(type, new byte[3000])];
        byte[] first = type is "udta" or "abcd" ? SyntheticStream.Box("free", new byte[5]) : odd;
        byte[] moof = SyntheticStream.Moof(boxes =>
        {
            boxes.Bytes(odd);
            new Tfhd(1, Duration: 40, Size: 4, DefaultBaseIsMoof: true).Write(boxes);
            new Tfdt(5).Write(boxes);
            boxes.Bytes(odd);
            SyntheticStream.Run(boxes, 2, 24 + 8 + 24 + 20 + 20 + (2 * odd.Length) + 8 + odd.Length);
        });
        using ReadStream stream = ReadStream.Of([.. first, .. SyntheticStream.Init(), .. odd, .. moof, .. odd, .. Mdat(), .. odd]);

        Assert.Equal([(5L, (byte)1), (45L, (byte)5)], stream.SamplesOf(1).Select(static entry => (entry.Sample.DecodeTime, entry.Fragment.BytesOf(entry.Sample)[0])));
        Assert.True(stream.IsBetweenFragments);
    }

    [Theory]
    [InlineData("lmsg", true, 0)]
    [InlineData("slat", false, 1)]
    [InlineData("cmfl", false, 0)]
    public void Segment_OfABrand_SaysThatItIsTheLastOrFiller(string brand, bool isLast, int fillers)
    {
        PayloadPool pool = new();
        List<IngestEvent> events = [];
        using FragmentReader reader = new(pool, IngestLimits.Default);
        byte[] styp = SyntheticStream.Box("styp", [.. "cmfs"u8, 0, 0, 0, 0, .. System.Text.Encoding.ASCII.GetBytes(brand)]);

        reader.Accept([.. SyntheticStream.Init(), .. styp, .. Moof(new Tfdt(5)), .. Mdat()], 0, events);

        Assert.Equal((isLast, fillers), (reader.HasSaidLast, events.OfType<IngestEvent.Filler>().Count()));
        Assert.Single(events.OfType<IngestEvent.Media>()).Fragment.Dispose();
    }

    [Fact]
    public void Boxes_WithSizesOf64Bits_AreRead()
    {
        byte[] moof = SyntheticStream.Moof(static boxes =>
        {
            new Tfhd(1, Duration: 40, Size: 4, DefaultBaseIsMoof: true).Write(boxes);
            new Tfdt(5).Write(boxes);
            SyntheticStream.Run(boxes, 2, 8 + 24 + 8 + 24 + 20 + 20 + 16);
        });
        using ReadStream stream = ReadStream.Of([.. SyntheticStream.Init()[..32], .. Wide(SyntheticStream.Init()[32..]), .. Wide(moof), .. Wide(Mdat())]);

        Assert.Equal([(5L, (byte)1), (45L, (byte)5)], stream.SamplesOf(1).Select(static entry => (entry.Sample.DecodeTime, entry.Fragment.BytesOf(entry.Sample)[0])));
    }

    [Fact]
    public void Defaults_OfTheMoov_HoldWhereTheFragmentSaysNothing()
    {
        byte[] init = SyntheticStream.Init();
        new Trex(1, SampleDescriptionIndex: 1, Duration: 40, Size: 4, SampleFlags.NonSync).Write(new BoxWriter(init.AsMemory(init.AsSpan().IndexOf("trex"u8) - 4)));
        byte[] moof = SyntheticStream.Moof(static boxes =>
        {
            new Tfhd(1, DefaultBaseIsMoof: true).Write(boxes);
            new Tfdt(5).Write(boxes);
            SyntheticStream.Run(boxes, 2, 24 + 8 + 16 + 20 + 20 + 8);
        });
        using ReadStream stream = ReadStream.Of([.. init, .. moof, .. Mdat()]);

        Assert.Equal([(5L, 40, 4, false), (45L, 40, 4, false)], stream.SamplesOf(1).Select(static entry => (entry.Sample.DecodeTime, entry.Sample.Duration, entry.Sample.Bytes, entry.Sample.IsSync)));
    }

    /// <summary>ffmpeg -f hls makes room for the sound's priming so.</summary>
    [Fact]
    public void EditList_WithAnEmptyEdit_ShowsThePictureLater()
    {
        byte[] init = InitSegmentWriter.WriteMovie(new Elst(EmptyDuration: 21, MediaTime: 0), SyntheticStream.Video);
        using ReadStream stream = ReadStream.Of([.. init, .. Moof(new Tfdt(5)), .. Mdat()]);

        Assert.Equal([(5L, 26L), (45L, 66L)], stream.SamplesOf(1).Select(static entry => (entry.Sample.DecodeTime, entry.Sample.PresentationTime)));
    }

    [Fact]
    public void Fragment_WithoutTfdt_ContinuesTheOneBefore()
    {
        using ReadStream stream = ReadStream.Of([.. SyntheticStream.Init(), .. Moof(new Tfdt(5)), .. Mdat(), .. Moof(null), .. Mdat()]);

        Assert.Equal([5, 45, 85, 125], stream.SamplesOf(1).Select(static entry => entry.Sample.DecodeTime));
    }

    [Fact]
    public void Fragment_AfterARepeatedMoov_ContinuesAndKeepsTheDescription()
    {
        using ReadStream stream = ReadStream.Of([.. SyntheticStream.Init(), .. Moof(new Tfdt(5)), .. Mdat(), .. SyntheticStream.Init(), .. Moof(null), .. Mdat()]);

        IngestEvent.Init[] inits = [.. stream.Events.OfType<IngestEvent.Init>()];
        Assert.Equal(2, inits.Length);
        Assert.Same(inits[0].Tracks[0].Description, inits[1].Tracks[0].Description);
        Assert.Equal([5, 45, 85, 125], stream.SamplesOf(1).Select(static entry => entry.Sample.DecodeTime));
    }

    [Fact]
    public void Traf_WithoutSamples_IsNoFragment()
    {
        byte[] moof = SyntheticStream.Moof(static boxes => new Tfhd(1).Write(boxes), static boxes =>
        {
            new Tfhd(1).Write(boxes);
            SyntheticStream.Run(boxes, 0, null);
        });
        using ReadStream stream = ReadStream.Of([.. SyntheticStream.Init(), .. moof, .. SyntheticStream.Box("mdat", 1, 2, 3)]);

        Assert.Empty(stream.Media);
        Assert.True(stream.IsBetweenFragments);
    }

    [Fact]
    public void Mdat_WithBytesOfNobody_IsKeptOnlyWhereSamplesLie()
    {
        byte[] moof = SyntheticStream.Moof(static boxes =>
        {
            new Tfhd(1, Size: 4, DefaultBaseIsMoof: true).Write(boxes);
            SyntheticStream.Run(boxes, 1, 24 + 8 + 20 + 20 + 8 + 100);
        });
        byte[] media = [.. Enumerable.Range(0, 250).Select(static number => (byte)number)];
        using ReadStream stream = ReadStream.Of([.. SyntheticStream.Init(), .. moof, .. SyntheticStream.Box("mdat", media)]);

        Assert.Equal(4, stream.Pool.LentBytes);
        Assert.Equal("64656667", Convert.ToHexStringLower(stream.Media.Single().Fragment.BytesOf(stream.SamplesOf(1)[0].Sample)));
    }

    [Fact]
    public void Runs_OfOneTraf_FollowOneAnotherUnlessTheySayOtherwise()
    {
        const int Start = 24 + 8 + 20 + 20 + 16 + 20 + 8;
        byte[] moof = SyntheticStream.Moof(static boxes =>
        {
            new Tfhd(1, Size: 1, DefaultBaseIsMoof: true).Write(boxes);
            SyntheticStream.Run(boxes, 1, Start + 3);
            SyntheticStream.Run(boxes, 1, null);
            SyntheticStream.Run(boxes, 1, Start);
        });
        using ReadStream stream = ReadStream.Of([.. SyntheticStream.Init(), .. moof, .. SyntheticStream.Box("mdat", 10, 11, 12, 13, 14)]);

        Assert.Equal([13, 14, 10], stream.SamplesOf(1).Select(static entry => entry.Fragment.BytesOf(entry.Sample)[0]));
    }

    [Theory]
    [InlineData(SampleFlags.Sync, true)]
    [InlineData(0u, true)]
    [InlineData(SampleFlags.NonSync, false)]
    [InlineData(0x00010000u, false)]
    [InlineData(0x01000000u, false)]
    public void VideoSample_IsSync_AsItsFlagsSay(uint flags, bool isSync)
    {
        byte[] moof = SyntheticStream.Moof(boxes =>
        {
            new Tfhd(1, Size: 1, Flags: flags, DefaultBaseIsMoof: true).Write(boxes);
            SyntheticStream.Run(boxes, 1, 24 + 8 + 24 + 20 + 8);
        });
        using ReadStream stream = ReadStream.Of([.. SyntheticStream.Init(), .. moof, .. SyntheticStream.Box("mdat", 1)]);

        Assert.Equal(isSync, stream.Media.Single().Fragment.StartsWithSync);
    }

    /// <summary>Version 0 counts from the next fragment's first picture, version 1 from the presentation's zero.</summary>
    [Fact]
    public void Messages_BeforeAFragment_AreToldBehindItWithTheirTimes()
    {
        byte[] messages = SyntheticStream.Box("free", boxes =>
        {
            new Emsg("urn:a", "", 100, 5, IsAbsolute: false, 0, 1, []).Write(boxes);
            new Emsg("urn:a", "", 100, 5, IsAbsolute: true, 0, 2, []).Write(boxes);
            new Emsg("urn:a", "", 100, ulong.MaxValue, IsAbsolute: true, 0, 3, []).Write(boxes);
            new Emsg("urn:a", "", uint.MaxValue, 5, IsAbsolute: true, 0, 4, []).Write(boxes);
            new Emsg("urn:a", "", 100, 5, IsAbsolute: true, 0, 5, new byte[IngestLimits.Default.MaxMessageBytes]).Write(boxes);
            boxes.Bytes(SyntheticStream.Box("emsg", 1, 2, 3));
        })[8..];
        using ReadStream stream = ReadStream.Of([.. SyntheticStream.Init(), .. messages, .. Moof(new Tfdt(2000)), .. Mdat(), .. Moof(null), .. Mdat()]);

        Assert.Equal([(1u, 205L), (2u, 5L)], stream.Events.OfType<IngestEvent.Message>().Select(static message => (message.Emsg.Id, message.Start.Ticks)));
        Assert.Equal(["Init", "Media", "Message", "Message", "Media"], stream.Events.Select(static happened => happened.GetType().Name));
    }

    [Fact]
    public void Tfdt_OfVersion0_GoesOnWhereItTurnsOver()
    {
        byte[] wraps = SyntheticStream.Moof(static boxes =>
        {
            new Tfhd(1, Duration: 40, Size: 4, DefaultBaseIsMoof: true).Write(boxes);
            using (boxes.OpenFull(BoxType.Tfdt, version: 0, flags: 0))
            {
                boxes.UInt32(0xFFFFFFD8);
            }

            SyntheticStream.Run(boxes, 2, 24 + 8 + 24 + 16 + 20 + 8);
        });
        byte[] behind = [.. wraps];
        behind.AsSpan(behind.AsSpan().IndexOf("tfdt"u8) + 8, 4).Clear();
        behind[behind.AsSpan().IndexOf("tfdt"u8) + 11] = 40;
        using ReadStream stream = ReadStream.Of([.. SyntheticStream.Init(), .. wraps, .. Mdat(), .. behind, .. Mdat()]);

        Assert.Equal([0xFFFFFFD8, 0x100000000, 0x100000028, 0x100000050], stream.SamplesOf(1).Select(static entry => entry.Sample.DecodeTime));
    }

    [Fact]
    public void SecondBody_WithAnotherSegment_NeedsNoInit()
    {
        PayloadPool pool = new();
        List<IngestEvent> events = [];
        using FragmentReader reader = new(pool, IngestLimits.Default);
        reader.Accept(SyntheticStream.Init(), 0, events);
        reader.BeginBody();
        reader.Accept([.. SyntheticStream.Box("styp", new byte[8]), .. Moof(new Tfdt(7)), .. Mdat()], 3, events);

        IngestEvent.Media media = Assert.IsType<IngestEvent.Media>(events[^1]);
        Assert.Equal((7, 3, 1L), (media.Fragment.Start.Ticks, media.Fragment.ReceivedAt, reader.Fragments));
        Assert.Equal(16 + Moof(new Tfdt(7)).Length + Mdat().Length, reader.Offset);
        Assert.Equal(SyntheticStream.Init().Length + reader.Offset, reader.Bytes);
        media.Fragment.Dispose();
        Assert.Equal(0, pool.LentPayloads);
    }

    [Fact]
    public void Reader_DisposedInsideAnMdat_GivesThePayloadBack()
    {
        PayloadPool pool = new();
        FragmentReader reader = new(pool, IngestLimits.Default);
        reader.Accept([.. SyntheticStream.Init(), .. Moof(new Tfdt(7)), .. Mdat()[..9]], 0, []);
        Assert.False(reader.IsBetweenFragments);
        Assert.Equal(1, pool.LentPayloads);
        Assert.Throws<InvalidOperationException>(reader.BeginBody);

        reader.Dispose();

        Assert.Equal(0, pool.LentPayloads);
    }

    /// <summary>The same box with its size in 64 bits.</summary>
    private static byte[] Wide(byte[] box) => [0, 0, 0, 1, .. box[4..8], 0, 0, 0, 0, .. SizeOf(box.Length + 8), .. box[8..]];

    private static byte[] SizeOf(int bytes) => [(byte)(bytes >> 24), (byte)(bytes >> 16), (byte)(bytes >> 8), (byte)bytes];

    /// <summary>Two samples of 4 bytes and 40 ticks in the mdat that follows.</summary>
    private static byte[] Moof(Tfdt? tfdt) => SyntheticStream.Moof(boxes =>
    {
        new Tfhd(1, Duration: 40, Size: 4, DefaultBaseIsMoof: true).Write(boxes);
        tfdt?.Write(boxes);
        SyntheticStream.Run(boxes, 2, 24 + 8 + 24 + (tfdt is null ? 0 : 20) + 20 + 8);
    });

    private static byte[] Mdat() => SyntheticStream.Box("mdat", 1, 2, 3, 4, 5, 6, 7, 8);
}
