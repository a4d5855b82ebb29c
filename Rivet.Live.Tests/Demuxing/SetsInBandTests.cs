using System.Buffers.Binary;
using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Demuxing;

/// <summary>Parameter sets that change in mid-stream without a moov.</summary>
public sealed class SetsInBandTests
{
    private static readonly byte[] Sps = Convert.FromHexString("6742c00bda0a37e4c044000003000400000300c83c50aa80");
    private static readonly byte[] Pps = Convert.FromHexString("68ce0fc8");
    private static readonly byte[] Slice = [0x65, 0x88, 0x84];

    /// <summary>The same with level 3.1.</summary>
    private static readonly byte[] OtherSps = [Sps[0], Sps[1], Sps[2], 0x1F, .. Sps[4..]];
    private static readonly byte[] OtherPps = [.. Pps[..3], 0xC9];

    /// <summary>Two ffmpegs with pictures of different size, the second one's fragments behind the first one's as if nobody had noticed.</summary>
    [Theory]
    [InlineData("-c:v libx264 -preset ultrafast -bsf:v dump_extra=freq=keyframe", "avc1.42c00b")]
    [InlineData("-c:v libx265 -preset ultrafast -x265-params log-level=none:repeat-headers=1 -tag:v hev1", "hev1.1.6.L30.90")]
    [InlineData("-c:v libsvtav1 -preset 12", "av01.0.00M.08")]
    [InlineData("-c:v libvpx-vp9 -deadline realtime -cpu-used 8", "vp09.00.10.08")]
    public async Task Encoder_ThatBeginsAnewInAnotherSize_IsDescribedAnew(string encoder, string codec)
    {
        byte[] first = await JoinedBodies.EncodeAsync(encoder, "160x90");
        byte[] second = await JoinedBodies.EncodeAsync(encoder, "256x144");
        using ReadStream stream = ReadStream.Of(JoinedBodies.Join(first, second));
        using ReadStream own = ReadStream.Of(second);

        Assert.Single(stream.Events.OfType<IngestEvent.Init>());
        Fragment[] fragments = [.. stream.Media.Select(static media => media.Fragment)];
        Assert.Equal([(160, 90), (256, 144)], fragments.Select(static fragment => (fragment.Track.Width, fragment.Track.Height)).Distinct());
        Assert.StartsWith(codec, fragments[0].Track.Codec, StringComparison.Ordinal);
        TrackDescription expected = own.Media.First().Fragment.Track;
        Assert.Equal((expected.Codec, expected.Width), (fragments[^1].Track.Codec, fragments[^1].Track.Width));
        Assert.True(fragments[^1].StartsWithSync);

        // What is written for players says the same again.
        using ReadStream written = ReadStream.Of(InitSegmentWriter.Write(fragments[^1].Track));
        Assert.Equal((expected.Codec, 256, 144), (written.Tracks[0].Description.Codec, written.Tracks[0].Description.Width, written.Tracks[0].Description.Height));
    }

    /// <summary>avc3 need not have them in the moov at all (DASH-IF Ingest prefers it).</summary>
    [Fact]
    public void Track_WithoutSetsInItsMoov_IsDescribedByItsFirstKeyframe()
    {
        byte[] entry = Entry(BoxType.Avc3, Convert.FromHexString("014d4028ffe000"), width: 0, height: 0);
        using ReadStream stream = Read(SyntheticStream.Describe(TrackKind.Video, entry), [Sample(Sps, Pps, Slice)], [Sample([0x41, 1])]);

        Assert.Equal(("avc3.4d4028", 0), (stream.Tracks[0].Description.Codec, stream.Tracks[0].Description.Width));
        Assert.Equal([("avc3.42c00b", 160, 90), ("avc3.42c00b", 160, 90)], Shown(stream));
    }

    [Fact]
    public void Keyframe_InTheMiddleOfAFragment_BeginsAFragment()
    {
        using ReadStream stream = Read(SyntheticStream.Video, [Sample(Slice), Sample([0x41, 1]), Sample(OtherSps, Pps, Slice), Sample([0x41, 2])]);

        Assert.Equal([("avc1.42c00b", 160, 90), ("avc1.42c01f", 160, 90)], Shown(stream));
        Assert.Equal([(0L, 2), (80L, 2)], stream.Media.Select(static media => (media.Fragment.Start.Ticks, media.Fragment.Samples.Length)));
    }

    [Fact]
    public void Sets_ThatTheMoovHas_ChangeNothing()
    {
        using ReadStream stream = Read(SyntheticStream.Video, [Sample(Sps, Pps, Slice)], [Sample(Sps, Pps, Slice)]);

        Assert.All(stream.Media, media => Assert.Same(stream.Tracks[0].Description, media.Fragment.Track));
    }

    /// <summary>Whoever joins gets it with the keyframe; a discontinuity per GOP would help nobody.</summary>
    [Fact]
    public void Pps_ThatChangesWhereEveryKeyframeHasOne_ChangesNothing()
    {
        using ReadStream stream = Read(SyntheticStream.Video, [Sample(Sps, Pps, Slice)], [Sample(Sps, OtherPps, Slice)], [Sample(Sps, Pps, Slice)]);

        Assert.All(stream.Media, media => Assert.Same(stream.Tracks[0].Description, media.Fragment.Track));
    }

    [Fact]
    public void Pps_ThatChangesOnce_IsInTheInitFromThenOn()
    {
        using ReadStream stream = Read(SyntheticStream.Video, [Sample(Slice)], [Sample(Sps, OtherPps, Slice)], [Sample(Slice)]);

        TrackDescription[] tracks = [.. stream.Media.Select(static media => media.Fragment.Track)];
        Assert.False(tracks[0].IsSameStreamAs(tracks[1]));
        Assert.Same(tracks[1], tracks[2]);
        Assert.True(tracks[1].CodecConfiguration.Span.IndexOf(OtherPps) > 0);
    }

    /// <summary>An encoder that went back, and says so with its moov alone.</summary>
    [Fact]
    public void Moov_ThatComesAgain_HoldsUnlessTheKeyframeSaysOtherwise()
    {
        byte[] init = SyntheticStream.Init();
        using ReadStream back = ReadStream.Of([.. init, .. Part(0, Sample(OtherSps, Pps, Slice)), .. init, .. Part(40, Sample(Slice))]);
        using ReadStream stays = ReadStream.Of([.. init, .. Part(0, Sample(OtherSps, Pps, Slice)), .. init, .. Part(40, Sample(OtherSps, Pps, Slice))]);

        Assert.Equal(["avc1.42c01f", "avc1.42c00b"], back.Media.Select(static media => media.Fragment.Track.Codec));
        Assert.Equal(["avc1.42c01f", "avc1.42c01f"], stays.Media.Select(static media => media.Fragment.Track.Codec));
    }

    [Theory]
    [InlineData("00000004674200")]
    [InlineData("ffffffff67")]
    [InlineData("0000000067")]
    [InlineData("000000016700000001680000000165")]
    [InlineData("")]
    public void Units_ThatAreNone_ChangeNothing(string hex)
    {
        SetsInBand sets = new(SyntheticStream.Video);

        Assert.False(sets.Follow(Convert.FromHexString(hex)));
        Assert.Same(SyntheticStream.Video, sets.Current);
    }

    private static IEnumerable<(string, int, int)> Shown(ReadStream stream) =>
        stream.Media.Select(static media => (media.Fragment.Track.Codec, media.Fragment.Track.Width, media.Fragment.Track.Height));

    private static ReadStream Read(TrackDescription track, params byte[][][] fragments) => ReadStream.Of(
        [.. InitSegmentWriter.Write(track), .. fragments.SelectMany((samples, number) => Part(number * 160, samples))]);

    private static byte[] Part(long milliseconds, params byte[][] samples)
    {
        PayloadPool pool = new();
        PayloadHold payload = pool.Copy(samples.SelectMany(static sample => sample).ToArray());
        int offset = 0;
        Sample[] placed = [.. samples.Select((bytes, index) =>
        {
            Sample sample = new(milliseconds + (index * 40), 0, 40, (bytes[4] & 0x1F) != 1, offset, bytes.Length);
            offset += bytes.Length;
            return sample;
        })];
        using Fragment fragment = new(SyntheticStream.Video, placed, payload, receivedAt: 1);
        using PayloadHold part = PartWriter.Write(pool, 1, TrackKind.Video, [.. placed.Select(sample => new PartSample(sample, fragment))]);
        return part.Memory.ToArray();
    }

    private static byte[] Sample(params byte[][] units) => [.. units.SelectMany(static unit =>
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, unit.Length);
        return (byte[])[.. length, .. unit];
    })];

    private static byte[] Entry(BoxType type, byte[] configuration, ushort width, ushort height)
    {
        BoxWriter boxes = new();
        using (new VisualSampleEntry(width, height).Open(boxes, type))
        using (boxes.Open(BoxType.AvcC))
        {
            boxes.Bytes(configuration);
        }

        return boxes.WrittenMemory.ToArray();
    }
}
