using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Support;
using Xunit;


namespace Rivet.Live.Tests.Demuxing;

/// <summary>The reader against what ffmpeg sends, with ffprobe as the judge.</summary>
[Collection(SharedEncoderStreams.Name)]
public sealed class FragmentReaderTests(EncoderStreams streams)
{
    public static TheoryData<string> Names => EncoderStreams.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Stream_ReadWhole_HasThePacketsThatFfprobeSees(string name)
    {
        using ReadStream stream = ReadStream.Of(streams.BytesOf(name));
        List<ProbedPacket> packets = FfmpegTool.Packets(streams.PathOf(name));

        Assert.True(stream.IsBetweenFragments);
        for (int index = 0; index < stream.Tracks.Count; index++)
        {
            IngestTrack track = stream.Tracks[index];
            List<(Sample Sample, Fragment Fragment)> samples = stream.SamplesOf(track.TrackId);
            bool isAudio = track.Description.Kind == TrackKind.Audio;

            List<ProbedPacket> expected = packets.FindAll(packet => packet.Stream == index);
            while (isAudio && expected[1].Pts <= 0)
            {
                // What an edit list puts wholly before the start is priming: ffprobe shows it, the reader drops it.
                expected.RemoveAt(0);
            }

            Assert.NotEmpty(samples);
            if (name == "smooth")
            {
                // ffprobe ignores tfxd and counts durations from 0, priming included.
                Assert.Equal(0, samples[0].Sample.DecodeTime);
                Assert.Equal(expected[^samples.Count..].Select(static packet => (packet.Size, packet.IsKey)), samples.Select(static entry => (entry.Sample.Bytes, entry.Sample.IsSync)));
                continue;
            }

            // Where offsets are negative, ffprobe shows everything later by the largest of them, so that no picture comes before its decode time.
            long delay = HasNegativeOffsets(name) ? Math.Max(0, -samples.Min(static entry => entry.Sample.CompositionOffset)) : 0;
            Assert.Equal(expected.Select(packet => (packet.Pts - delay, packet.Size, packet.IsKey)), samples.Select(static entry => (entry.Sample.PresentationTime, entry.Sample.Bytes, entry.Sample.IsSync)));

            // An edit list moves ffprobe's decode times too; here it moves only what is shown.
            long shift = !isAudio ? expected[0].Dts - samples[0].Sample.DecodeTime : 0;
            Assert.Equal(expected.Select(packet => packet.Dts - shift), samples.Select(static entry => entry.Sample.DecodeTime));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Stream_FedByteByByte_GivesTheSameFragments(string name)
    {
        byte[] bytes = streams.BytesOf(name);
        using ReadStream whole = ReadStream.Of(bytes);

        using ReadStream single = ReadStream.Of(Enumerable.Range(0, bytes.Length).Select(offset => new ReadOnlyMemory<byte>(bytes, offset, 1)));

        single.AssertSameAs(whole);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Stream_CutInTwoAnywhere_GivesTheSameFragments(string name)
    {
        byte[] bytes = streams.BytesOf(name);
        using ReadStream whole = ReadStream.Of(bytes);

        foreach (int cut in Cuts(bytes))
        {
            using ReadStream halves = ReadStream.Of([bytes.AsMemory(0, cut), bytes.AsMemory(cut)]);
            halves.AssertSameAs(whole);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Stream_Disposed_LeavesNoPayloadOut(string name)
    {
        ReadStream stream = ReadStream.Of(streams.BytesOf(name));
        Assert.NotEqual(0, stream.Pool.LentPayloads);

        stream.Dispose();

        Assert.Equal(0, stream.Pool.LentPayloads);
        Assert.Equal(0, stream.Pool.LentBytes);
    }

    [Theory]
    [InlineData("plain", "avc1.42c00b 160x90|mp4a.40.2 48000/1")]
    [InlineData("three-tracks", "avc1.42c00b 160x90|avc1.42c00a 80x46|mp4a.40.2 48000/1")]
    [InlineData("hvc1-opus", "hvc1.1.6.L30.90 160x90|opus 48000/1")]
    [InlineData("av01", "av01.0.00M.08 160x90|mp4a.40.2 48000/1")]
    [InlineData("vp09", "vp09.00.10.08 160x90|mp4a.40.2 48000/1")]
    [InlineData("ac-3", "avc1.42c00b 160x90|ac-3 48000/1")]
    [InlineData("ec-3", "avc1.42c00b 160x90|ec-3 48000/1")]
    public void Init_OfEachCodec_IsDescribed(string name, string expected)
    {
        using ReadStream stream = ReadStream.Of(streams.BytesOf(name));

        Assert.Equal(expected, string.Join('|', stream.Tracks.Select(static track => Shown(track.Description))));
    }

    /// <summary>As in a file that was written to its end: what lies before the moov has gone by.</summary>
    [Fact]
    public void Moov_WhoseSamplesLieBeforeIt_HasNone()
    {
        byte[] bytes = streams.BytesOf("moov-with-samples");
        using ReadStream whole = ReadStream.Of(bytes);
        MoveChunks(bytes, 0);
        using ReadStream later = ReadStream.Of(bytes);

        Assert.Equal(0, whole.SamplesOf(1)[0].Sample.DecodeTime);
        Assert.Equal(whole.Media.Skip(2).Select(static media => media.Fragment.Start), later.Media.Select(static media => media.Fragment.Start));
    }

    [Fact]
    public void Moov_WhoseSamplesLieBehindItsMdat_IsRefused()
    {
        byte[] bytes = streams.BytesOf("moov-with-samples");
        MoveChunks(bytes, 1_000_000);

        IngestRejectedException refusal = Assert.Throws<IngestRejectedException>(() => ReadStream.Of(bytes));

        Assert.Equal((IngestRejectReason.SampleOutsideMdat, "moov/trak"), (refusal.Reason, refusal.BoxPath));
        Assert.Contains("behind its moov", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Moov_WithMoreSamplesThanAllowed_IsRefused()
    {
        IngestRejectedException refusal = Assert.Throws<IngestRejectedException>(
            () => ReadStream.Of([streams.BytesOf("moov-with-samples")], new IngestLimits { MaxSamplesPerFragment = 20 }));

        Assert.Equal(IngestRejectReason.FragmentTooLarge, refusal.Reason);
        Assert.EndsWith("stbl/stsz", refusal.BoxPath, StringComparison.Ordinal);
    }

    [Fact]
    public void Body_CutAnywhereInsideABox_IsNotBetweenFragments()
    {
        byte[] bytes = streams.BytesOf("video-only");
        using ReadStream whole = ReadStream.Of(bytes);
        int cleanEnds = 0;
        for (int cut = 0; cut <= bytes.Length; cut += cut < 2048 ? 1 : 7)
        {
            using ReadStream part = ReadStream.Of([bytes.AsMemory(0, cut)]);
            cleanEnds += part.IsBetweenFragments ? 1 : 0;
        }

        // Nothing, after ftyp, after moov, and whichever later boxes end on the stride.
        Assert.InRange(cleanEnds, 3, 3 + whole.Media.Count() + 1);
    }

    /// <summary>Where the first samples of each track lie.</summary>
    private static void MoveChunks(Span<byte> bytes, int offset)
    {
        for (int at = bytes.IndexOf("stco"u8); at >= 0; at = bytes.IndexOf("stco"u8))
        {
            bytes = bytes[(at + 8)..];
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes[4..], offset);
        }
    }

    private static bool HasNegativeOffsets(string name) => name is "cmaf" or "negative-cts";

    private static string Shown(TrackDescription track) => track.Kind == TrackKind.Video
        ? $"{track.Codec} {track.Width}x{track.Height}"
        : $"{track.Codec} {track.SampleRate}/{track.Channels}";

    /// <summary>Everywhere but in media, where one byte is like the next: there at every 41st.</summary>
    private static IEnumerable<int> Cuts(byte[] bytes)
    {
        (string Type, int Offset, int Length)[] media = [.. RecordedPush.BoxesOf(bytes).Where(static box => box.Type == "mdat")];
        return Enumerable.Range(1, bytes.Length - 1)
            .Where(cut => cut % 41 == 0 || !media.Any(box => cut > box.Offset + 16 && cut < box.Offset + box.Length - 1));
    }
}
