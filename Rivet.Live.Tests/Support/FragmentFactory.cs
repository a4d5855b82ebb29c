using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Demuxing;
using Xunit;

namespace Rivet.Live.Tests.Support;

/// <summary>Makes fragments out of a pool of its own, so that a test can ask whether every byte came back.</summary>
internal sealed class FragmentFactory
{
    private int _serial;

    public PayloadPool Pool { get; } = new();

    /// <summary>A video track of nothing but times: 160x90, 90 kHz.</summary>
    public static TrackDescription Video { get; } = SyntheticStream.Video with { Timescale = 90000 };

    /// <summary>An audio track of nothing but times.</summary>
    public static TrackDescription Audio { get; } = AudioAt(48000);

    public static TrackDescription AudioAt(int sampleRate) => new()
    {
        Kind = TrackKind.Audio,
        Timescale = sampleRate,
        SampleEntryType = "mp4a",
        Codec = "mp4a.40.2",
        SampleEntry = new byte[] { 0, 0, 0, 8, (byte)'m', (byte)'p', (byte)'4', (byte)'a' },
        CodecConfiguration = ReadOnlyMemory<byte>.Empty,
        SampleRate = sampleRate,
        Channels = 2,
    };

    /// <summary>The same track with another init.</summary>
    public static TrackDescription Changed(TrackDescription track) => track with { SampleEntry = (byte[])[.. track.SampleEntry.Span, 1] };

    /// <summary>A session whose clock is tied to its zero.</summary>
    public static BroadcastSession Session(string name = "live/demo", double segmentSeconds = 2, double partSeconds = 0.5)
    {
        BroadcastSession session = new(BroadcastId.Parse(name), new SegmentGrid(segmentSeconds), PartTarget.Fixed(partSeconds), DateTimeOffset.UnixEpoch);
        session.Anchor(new MediaTime(0, 90000), DateTimeOffset.UnixEpoch);
        return session;
    }

    /// <summary>One sample of a picture's length at 25 a second, the <paramref name="number"/>th of its track.</summary>
    public Fragment One(int number, bool isSync, TrackDescription? track = null, bool isDiscontinuity = false)
    {
        TrackDescription description = track ?? Video;
        int ticks = description.Timescale / 25;
        return Of(description, isDiscontinuity, new Sample((long)number * ticks, 0, ticks, isSync, 0, 4));
    }

    /// <summary>These samples, each with four bytes of its own that no other has.</summary>
    public Fragment Of(TrackDescription track, bool isDiscontinuity, params Sample[] samples)
    {
        PayloadHold payload = Pool.Rent(samples.Length * 4);
        for (int index = 0; index < samples.Length; index++)
        {
            samples[index] = samples[index] with { Offset = index * 4, Bytes = 4 };
            BitConverter.TryWriteBytes(payload.Writable.Span[(index * 4)..], ++_serial);
        }

        return new Fragment(track, samples, payload, receivedAt: 1) { IsDiscontinuity = isDiscontinuity };
    }

    /// <summary>Every hold was given back.</summary>
    public void AssertAllReturned() => Assert.Equal((0L, 0L), (Pool.LentPayloads, Pool.LentBytes));
}
