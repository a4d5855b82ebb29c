using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;
using Rivet.Live.Tests.Demuxing;
using Xunit;


namespace Rivet.Live.Tests.Packaging;

/// <summary>What a part says once and what it lists.</summary>
public sealed class PartWriterTests
{
    private readonly PayloadPool _pool = new();

    [Fact]
    public void Part_OfAKeyframeAndOthers_ListsOnlySizes()
    {
        (Tfhd tfhd, Tfdt tfdt, Trun trun, byte version) = Write([new(900, 0, 30, true, 0, 5), new(930, 0, 30, false, 5, 6), new(960, 0, 30, false, 11, 7)]);

        Assert.Equal(new Tfhd(1, Duration: 30, Flags: SampleFlags.NonSync, DefaultBaseIsMoof: true), tfhd);
        Assert.Equal(new Tfdt(900), tfdt);
        Assert.Equal(TrunFields.Size, trun.Fields);
        Assert.Equal(SampleFlags.Sync, trun.FirstSampleFlags);
        Assert.Equal(0, version);
    }

    [Fact]
    public void Part_OfAlikeSamples_ListsNothing()
    {
        (Tfhd tfhd, _, Trun trun, _) = Write([new(0, 0, 30, true, 0, 5), new(30, 0, 30, true, 5, 5)]);

        Assert.Equal(new Tfhd(1, Duration: 30, Size: 5, Flags: SampleFlags.Sync, DefaultBaseIsMoof: true), tfhd);
        Assert.Equal((TrunFields.None, (uint?)null, 2u), (trun.Fields, trun.FirstSampleFlags, trun.SampleCount));
    }

    [Fact]
    public void Part_WithAKeyframeInTheMiddle_ListsFlags()
    {
        (Tfhd tfhd, _, Trun trun, _) = Write([new(0, 0, 30, true, 0, 5), new(30, 0, 30, false, 5, 5), new(60, 0, 30, true, 10, 5)]);

        Assert.Null(tfhd.Flags);
        Assert.Equal((TrunFields.Flags, null), (trun.Fields, trun.FirstSampleFlags));
    }

    [Theory]
    [InlineData(20, 0)]
    [InlineData(-20, 1)]
    public void Part_WithCompositionOffsets_IsSignedOnlyWhereItMustBe(int offset, byte expectedVersion)
    {
        (_, _, Trun trun, byte version) = Write([new(0, 0, 30, true, 0, 5), new(30, offset, 30, true, 5, 5)]);

        Assert.Equal(TrunFields.CompositionOffset, trun.Fields);
        Assert.Equal(expectedVersion, version);
    }

    [Fact]
    public void Part_OverAGap_KeepsTheTimesAfterIt()
    {
        Sample[] samples = [new(0, 0, 30, true, 0, 5), new(100, 0, 30, true, 5, 5)];
        using ReadStream again = ReadStream.Of([.. SyntheticStream.Init(), .. Bytes(samples)]);

        Assert.Equal([0, 100], again.SamplesOf(1).Select(static entry => entry.Sample.DecodeTime));
    }

    [Fact]
    public void Part_Written_HasExactlyItsSizeAndGoesBack()
    {
        byte[] part = Bytes([new(0, 0, 30, true, 0, 5), new(30, 0, 31, false, 5, 6)]);
        BoxReader boxes = new(part);

        Assert.Equal(System.Buffers.OperationStatus.Done, boxes.TryReadBox(out BoxHeader moof, out _));
        Assert.Equal(System.Buffers.OperationStatus.Done, boxes.TryReadBox(out BoxHeader mdat, out ReadOnlySpan<byte> media));
        Assert.Equal((BoxType.Moof, BoxType.Mdat, true), (moof.Type, mdat.Type, boxes.IsAtEnd));
        Assert.Equal("000102030405060708090a", Convert.ToHexStringLower(media));
        Assert.Equal(0, _pool.LentPayloads);
    }

    private byte[] Bytes(Sample[] samples)
    {
        byte[] media = [.. Enumerable.Range(0, samples.Sum(static sample => sample.Bytes)).Select(static number => (byte)number)];
        using Fragment fragment = new(SyntheticStream.Video, samples, _pool.Copy(media), receivedAt: 0);
        using PayloadHold part = PartWriter.Write(_pool, 9, TrackKind.Video, [.. samples.Select(sample => new PartSample(sample, fragment))]);
        return part.Memory.ToArray();
    }

    private (Tfhd Tfhd, Tfdt Tfdt, Trun Trun, byte TrunVersion) Write(Sample[] samples)
    {
        Tfhd tfhd = default;
        Tfdt tfdt = default;
        Trun trun = default;
        byte version = 0;
        new BoxReader(Bytes(samples)).TryReadBox(out _, out ReadOnlySpan<byte> moof);
        BoxReader boxes = new(moof);
        boxes.TryReadBox(out _, out ReadOnlySpan<byte> mfhd);
        Mfhd.TryRead(mfhd, out Mfhd header);
        Assert.Equal(9u, header.SequenceNumber);
        boxes.TryReadBox(out _, out ReadOnlySpan<byte> traf);
        BoxReader children = new(traf);
        while (children.TryReadBox(out BoxHeader child, out ReadOnlySpan<byte> payload) == System.Buffers.OperationStatus.Done)
        {
            if (child.Type == BoxType.Tfhd)
            {
                Tfhd.TryRead(payload, out tfhd);
            }
            else if (child.Type == BoxType.Tfdt)
            {
                Tfdt.TryRead(payload, out tfdt);
            }
            else
            {
                Assert.Equal(System.Buffers.OperationStatus.Done, Trun.TryRead(payload, out trun));
                version = payload[0];
            }
        }

        return (tfhd, tfdt, trun, version);
    }
}
