using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;
using Rivet.Live.Tests.Demuxing;
using Xunit;


namespace Rivet.Live.Tests.Packaging;

/// <summary>What the reader took in, written out as init segment and parts: the decoder and ffprobe must find nothing changed.</summary>
[Collection(SharedEncoderStreams.Name)]
public sealed class RoundTripTests(EncoderStreams streams)
{
    public static TheoryData<string> Names => EncoderStreams.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Stream_WrittenAsParts_PlaysWithoutAWarning(string name)
    {
        using ReadStream stream = ReadStream.Of(streams.BytesOf(name));
        foreach (IngestTrack track in stream.Tracks)
        {
            List<(Sample Sample, Fragment Fragment)> samples = WithoutBrokenEnd(stream.SamplesOf(track.TrackId));
            string path = WriteParts(stream, track.Description, samples, samplesPerPart: 5);

            Assert.Equal(string.Empty, FfmpegTool.Ffmpeg("-v", "warning", "-err_detect", "explode", "-xerror", "-i", path, "-f", "null", "-"));
            AssertPackets(samples, FfmpegTool.Packets(path), track.Description.Kind);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Stream_WrittenAsParts_ReadsBackTheSame(string name)
    {
        using ReadStream stream = ReadStream.Of(streams.BytesOf(name));
        foreach (IngestTrack track in stream.Tracks)
        {
            List<(Sample Sample, Fragment Fragment)> samples = WithoutBrokenEnd(stream.SamplesOf(track.TrackId));
            using ReadStream again = ReadStream.Of(File.ReadAllBytes(WriteParts(stream, track.Description, samples, samplesPerPart: 7)));

            TrackDescription description = again.Tracks.Single().Description;
            Assert.True(track.Description.IsSameStreamAs(description));
            Assert.Equal(track.Description.Codec, description.Codec);
            Assert.Equal(track.Description.Language, description.Language);
            List<(Sample Sample, Fragment Fragment)> readBack = again.SamplesOf(PartWriter.TrackId);
            Assert.Equal(samples.Select(static entry => Written(entry.Sample)), readBack.Select(static entry => Written(entry.Sample)));
            for (int index = 0; index < samples.Count; index++)
            {
                Assert.True(samples[index].Fragment.BytesOf(samples[index].Sample).SequenceEqual(readBack[index].Fragment.BytesOf(readBack[index].Sample)));
            }
        }
    }

    private string WriteParts(ReadStream stream, TrackDescription track, List<(Sample Sample, Fragment Fragment)> samples, int samplesPerPart)
    {
        string path = streams.NewPath();
        long lentBefore = stream.Pool.LentPayloads;
        using FileStream file = File.Create(path);
        file.Write(InitSegmentWriter.Write(track));
        uint sequenceNumber = 1;
        foreach ((Sample Sample, Fragment Fragment)[] chunk in samples.Chunk(samplesPerPart))
        {
            PartSample[] part = [.. chunk.Select(static entry => new PartSample(entry.Sample, entry.Fragment))];
            using PayloadHold hold = PartWriter.Write(stream.Pool, sequenceNumber++, track.Kind, part);
            file.Write(hold.Memory.Span);
        }

        Assert.Equal(lentBefore, stream.Pool.LentPayloads);
        return path;
    }

    private static void AssertPackets(List<(Sample Sample, Fragment Fragment)> samples, List<ProbedPacket> packets, TrackKind kind)
    {
        // Where offsets are negative, ffprobe shows everything later by the largest of them.
        long delay = kind == TrackKind.Video ? Math.Max(0, -samples.Min(static entry => entry.Sample.CompositionOffset)) : 0;
        Assert.Equal(
            samples.Select(entry => (Math.Max(0, entry.Sample.DecodeTime), Math.Max(0, entry.Sample.PresentationTime + delay), entry.Sample.Bytes, entry.Sample.IsSync)),
            packets.Select(static packet => (packet.Dts, packet.Pts, packet.Size, packet.IsKey)));
    }

    /// <summary>ffmpeg's frag_every_frame ends with audio samples of no duration behind a gap, at which decoders rightly complain.</summary>
    private static List<(Sample Sample, Fragment Fragment)> WithoutBrokenEnd(List<(Sample Sample, Fragment Fragment)> samples)
    {
        int broken = samples.FindIndex(static entry => entry.Sample.Duration == 0);
        return broken < 0 ? samples : samples[..broken];
    }

    /// <summary>A sample without its place in memory; what lies before zero is cut off, because tfdt cannot say it.</summary>
    private static Sample Written(Sample sample) => sample with
    {
        Offset = 0,
        DecodeTime = Math.Max(0, sample.DecodeTime),
        Duration = (int)(sample.DecodeEnd - Math.Max(0, sample.DecodeTime)),
    };
}
