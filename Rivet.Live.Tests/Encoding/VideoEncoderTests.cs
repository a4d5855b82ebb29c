using System.Buffers.Binary;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;
using Xunit;

namespace Rivet.Live.Tests.Encoding;

public class VideoEncoderTests
{
    [Fact]
    public void Encoder_SixHundredPicturesWithSceneChanges_PutsKeyframesOnlyWhereAsked()
    {
        using VideoEncoder encoder = VideoEncoder.Open(Synthetic.Library, Synthetic.Settings(320, 180), new PayloadPool(), "test");
        List<int> keyframes = [];
        for (int i = 0; i < 600; i++)
        {
            using Picture picture = Synthetic.Picture(320, 180, i, i, scene: i / 37);
            encoder.Send(picture, forceKeyframe: i % 250 == 0);
            Assert.True(encoder.TryReceive(out EncodedSample? sample), $"picture {i} did not come out at once");
            using (sample)
            {
                Assert.Equal(i, sample.PresentationTime);
                if (sample.IsKeyframe)
                {
                    keyframes.Add(i);
                    Assert.Contains(5, UnitTypes(sample.Payload.Memory.Span));
                }
                else
                {
                    Assert.DoesNotContain(5, UnitTypes(sample.Payload.Memory.Span));
                }
            }
        }

        Assert.Equal([0, 250, 500], keyframes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Encoder_OnePictureIn_GivesOneSampleOutWithItsTime(int threads)
    {
        // 29.97, then 50, then whatever a phone sends; at an MP4's own timescale.
        long[] times = [-3003, 0, 3003, 6006, 9009, 10809, 12609, 14409, 14410, 20000, 90000, 90001];
        VideoEncoderSettings settings = Synthetic.Settings(320, 180, 90_000) with { Threads = threads };
        using VideoEncoder encoder = VideoEncoder.Open(Synthetic.Library, settings, new PayloadPool(), "test");
        foreach (long time in times)
        {
            using Picture picture = Synthetic.Picture(320, 180, time, (int)(time & 255));
            encoder.Send(picture, forceKeyframe: false);
            Assert.True(encoder.TryReceive(out EncodedSample? sample));
            Assert.Equal(time, sample.PresentationTime);
            Assert.Equal(time, sample.DecodeTime);
            sample.Dispose();
            Assert.False(encoder.TryReceive(out _));
        }

        encoder.Drain();
        Assert.False(encoder.TryReceive(out _));
    }

    [Fact]
    public void Encoder_SamplePayload_IsLengthPrefixedWithoutParameterSets()
    {
        (_, List<(byte[] Bytes, long Time, bool IsSync)> samples) = Synthetic.Stream(320, 180, 4, 2);
        foreach ((byte[] bytes, _, _) in samples)
        {
            Assert.All(UnitTypes(bytes), static type => Assert.Contains(type, (int[])[1, 5, 6]));
        }
    }

    [Fact]
    public void Encoder_ReceivedSamples_HoldTheirBytesUntilDisposed()
    {
        PayloadPool payloads = new();
        using VideoEncoder encoder = VideoEncoder.Open(Synthetic.Library, Synthetic.Settings(320, 180), payloads, "test");
        using Picture picture = Synthetic.Picture(320, 180, 0);
        encoder.Send(picture, forceKeyframe: true);
        Assert.True(encoder.TryReceive(out EncodedSample? sample));
        Assert.Equal(1, payloads.LentPayloads);
        sample.Dispose();
        Assert.Equal(0, payloads.LentPayloads);
    }

    [Fact]
    public void Encoder_AskedForAKeyframe_LeavesTheSharedPictureAlone()
    {
        using VideoEncoder encoder = VideoEncoder.Open(Synthetic.Library, Synthetic.Settings(320, 180), new PayloadPool(), "test");
        using Picture picture = Synthetic.Picture(320, 180, 0);
        encoder.Send(picture, forceKeyframe: true);
        Assert.Equal(0, picture.Frame.PictureType);
    }

    [Fact]
    public void Encoder_PictureOfAnotherSize_SaysBothSizes()
    {
        using VideoEncoder encoder = VideoEncoder.Open(Synthetic.Library, Synthetic.Settings(320, 180), new PayloadPool(), "live/demo 180p encode");
        using Picture picture = Synthetic.Picture(640, 360, 0);
        ArgumentException error = Assert.Throws<ArgumentException>(() => encoder.Send(picture, forceKeyframe: false));
        Assert.Contains("live/demo 180p encode got a 640x360 yuv420p picture but was opened for 320x180", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encoder_SentAPictureAfterDrain_Refuses()
    {
        using VideoEncoder encoder = VideoEncoder.Open(Synthetic.Library, Synthetic.Settings(320, 180), new PayloadPool(), "test");
        encoder.Drain();
        using Picture picture = Synthetic.Picture(320, 180, 0);
        Assert.Throws<InvalidOperationException>(() => encoder.Send(picture, forceKeyframe: false));
    }

    [Fact]
    public void Encoder_Track_DescribesTheStreamThatItReallyMakes()
    {
        VideoEncoderSettings settings = Synthetic.Settings(320, 180) with
        {
            Color = new PictureColor(IsFullRange: false, 1, 1, 1, 1),
            SampleAspectRatio = (4, 3),
        };
        using VideoEncoder encoder = VideoEncoder.Open(Synthetic.Library, settings, new PayloadPool(), "test");
        TrackDescription track = encoder.Track!;
        ReadOnlySpan<byte> entry = track.SampleEntry.Span;
        ReadOnlySpan<byte> avcc = track.CodecConfiguration.Span;

        Assert.Equal(entry.Length, BinaryPrimitives.ReadInt32BigEndian(entry));
        Assert.True(entry[4..8].SequenceEqual("avc1"u8));
        Assert.Equal(320, BinaryPrimitives.ReadUInt16BigEndian(entry[32..]));
        Assert.Equal(180, BinaryPrimitives.ReadUInt16BigEndian(entry[34..]));
        Assert.True(entry[90..94].SequenceEqual("avcC"u8));
        Assert.True(entry[94..(94 + avcc.Length)].SequenceEqual(avcc));
        ReadOnlySpan<byte> rest = entry[(94 + avcc.Length)..];
        Assert.True(rest[4..12].SequenceEqual("colrnclx"u8));
        Assert.True(rest[12..19].SequenceEqual((byte[])[0, 1, 0, 1, 0, 1, 0]));
        Assert.True(rest[23..27].SequenceEqual("pasp"u8));
        Assert.True(rest[27..].SequenceEqual((byte[])[0, 0, 0, 4, 0, 0, 0, 3]));
        Assert.Equal($"avc1.{avcc[1]:x2}{avcc[2]:x2}{avcc[3]:x2}", track.Codec);
        Assert.Equal((30, 320, 180), (track.Timescale, track.Width, track.Height));
    }

    private static List<int> UnitTypes(ReadOnlySpan<byte> sample)
    {
        List<int> types = [];
        while (!sample.IsEmpty)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(sample);
            types.Add(sample[4] & 31);
            sample = sample[(4 + length)..];
        }

        return types;
    }
}
