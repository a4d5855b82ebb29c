using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Ingest;

using Xunit;

namespace Rivet.Live.Tests.Ingest;

/// <summary>Odd streams that are good all the same.</summary>
public sealed class AcceptedStreamTests
{
    [Fact]
    public void UnknownBoxes_Anywhere_AreSteppedOver()
    {
        byte[] odd = [.. SyntheticStream.Box("free", new byte[5]), .. SyntheticStream.Box("abcd", new byte[300]), .. SyntheticStream.Box("uuid", new byte[16])];
        using ReadStream stream = ReadStream.Of([.. odd, .. SyntheticStream.Init(), .. odd, .. Moof(new Tfdt(5)), .. odd[..0], .. Mdat(), .. odd]);

        Assert.Equal([5, 45], stream.SamplesOf(1).Select(static entry => entry.Sample.DecodeTime));
        Assert.True(stream.IsBetweenFragments);
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

    /// <summary>Two samples of 4 bytes and 40 ticks in the mdat that follows.</summary>
    private static byte[] Moof(Tfdt? tfdt) => SyntheticStream.Moof(boxes =>
    {
        new Tfhd(1, Duration: 40, Size: 4, DefaultBaseIsMoof: true).Write(boxes);
        tfdt?.Write(boxes);
        SyntheticStream.Run(boxes, 2, 24 + 8 + 24 + (tfdt is null ? 0 : 20) + 20 + 8);
    });

    private static byte[] Mdat() => SyntheticStream.Box("mdat", 1, 2, 3, 4, 5, 6, 7, 8);
}
