using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Native;
using Xunit;

namespace Rivet.Live.Tests.Encoding;

public class VideoDecoderTests
{
    [Fact]
    public void Decoder_EncodedPictures_ComeOutAtOnceWithTheirTimes()
    {
        (TrackDescription track, List<(byte[] Bytes, long Time, bool IsSync)> samples) = Synthetic.Stream(320, 180, 20, 10);
        using VideoDecoder decoder = VideoDecoder.Open(Synthetic.Library, track, threads: 1, "test");
        foreach ((byte[] bytes, long time, bool isSync) in samples)
        {
            decoder.Send(bytes, time * 1001, (time * 1001) - 5, isSync);
            Assert.True(decoder.TryReceive(out Picture? picture));
            using (picture)
            {
                Assert.Equal((time * 1001) - 5, picture.PresentationTime);
                Assert.Equal(isSync, picture.IsKeyframe);
                Assert.Equal((320, 180), (picture.Width, picture.Height));
                Assert.False(picture.IsDamaged);
                using Picture original = Synthetic.Picture(320, 180, time, (int)time);
                Assert.True(MeanError(original, picture) < 12, $"picture {time} does not look like what was encoded");
            }
        }
    }

    [Fact]
    public void Decoder_NothingReceivedUntilTheEnd_LosesNoPicture()
    {
        (TrackDescription track, List<(byte[] Bytes, long Time, bool IsSync)> samples) = Synthetic.Stream(320, 180, 40, 10);
        using VideoDecoder decoder = VideoDecoder.Open(Synthetic.Library, track, threads: 1, "test");
        foreach ((byte[] bytes, long time, bool isSync) in samples)
        {
            decoder.Send(bytes, time, time, isSync);
        }

        decoder.Drain();
        Assert.Equal(samples.Select(static sample => sample.Time), Times(decoder));
    }

    [Fact]
    public void Decoder_SentMoreAfterDrain_KeepsWhatWasNotReceivedAndGoesOn()
    {
        (TrackDescription track, List<(byte[] Bytes, long Time, bool IsSync)> samples) = Synthetic.Stream(320, 180, 4, 2);
        using VideoDecoder decoder = VideoDecoder.Open(Synthetic.Library, track, threads: 2, "test", frameThreads: true);
        foreach ((byte[] bytes, long time, bool isSync) in samples)
        {
            decoder.Send(bytes, time, time, isSync);
            if (time == 1)
            {
                decoder.Drain();
            }
        }

        decoder.Drain();
        decoder.Drain();
        Assert.Equal([0, 1, 2, 3], Times(decoder));
    }

    [Fact]
    public void Decoder_Reset_ForgetsAndStartsAtTheNextKeyframe()
    {
        (TrackDescription track, List<(byte[] Bytes, long Time, bool IsSync)> samples) = Synthetic.Stream(320, 180, 4, 2);
        using VideoDecoder decoder = VideoDecoder.Open(Synthetic.Library, track, threads: 1, "test");
        decoder.Send(samples[0].Bytes, 0, 0, isSync: true);
        decoder.Reset();
        Assert.False(decoder.TryReceive(out _));
        decoder.Send(samples[2].Bytes, 2, 2, isSync: true);
        Assert.Equal([2], Times(decoder));
    }

    [Fact]
    public void Decoder_DamagedSample_ThrowsAndIsRightAgainFromTheNextKeyframe()
    {
        (TrackDescription track, List<(byte[] Bytes, long Time, bool IsSync)> samples) = Synthetic.Stream(320, 180, 30, 10);
        using VideoDecoder clean = VideoDecoder.Open(Synthetic.Library, track, threads: 1, "clean");
        using VideoDecoder hurt = VideoDecoder.Open(Synthetic.Library, track, threads: 1, "live/demo decode");
        byte[] garbage = new byte[200];
        garbage.AsSpan().Fill(0xA5);
        int same = 0;
        foreach ((byte[] bytes, long time, bool isSync) in samples)
        {
            clean.Send(bytes, time, time, isSync);
            if (time == 5)
            {
                CodecException error = Assert.Throws<CodecException>(() => hurt.Send(garbage, time, time, isSync));
                Assert.True(Assert.IsType<FFmpegException>(error.InnerException).IsInvalidData);
                Assert.Contains("avcodec_send_packet failed with -1094995529 (Invalid data found", error.Message, StringComparison.Ordinal);
                Assert.Contains("live/demo decode", error.Message, StringComparison.Ordinal);
            }
            else
            {
                hurt.Send(bytes, time, time, isSync);
            }

            Assert.True(clean.TryReceive(out Picture? expected));
            if (hurt.TryReceive(out Picture? seen))
            {
                same += time >= 10 && expected.Plane(0).SequenceEqual(seen.Plane(0)) ? 1 : 0;
                seen.Dispose();
            }

            expected.Dispose();
        }

        Assert.Equal(20, same);
    }

    [Fact]
    public void Picture_Shared_IsTheSamePixelsAndOutlivesTheFirstHolder()
    {
        Picture picture = Synthetic.Picture(320, 180, 42);
        byte[] luma = picture.Plane(0).ToArray();
        Picture share = picture.Share();
        Assert.True(picture.Plane(0) == share.Plane(0), "the shared picture lies elsewhere in memory");
        Assert.True(picture.Plane(2) == share.Plane(2), "the shared picture lies elsewhere in memory");
        picture.Dispose();
        Assert.True(share.Plane(0).SequenceEqual(luma));
        Assert.Equal(42, share.PresentationTime);
        share.Dispose();
        Assert.Throws<ObjectDisposedException>(() => share.Width);
    }

    [Fact]
    public void Decoder_UnknownSampleEntry_NamesThoseThatWork()
    {
        (TrackDescription track, _) = Synthetic.Stream(320, 180, 1, 1);
        NotSupportedException error = Assert.Throws<NotSupportedException>(
            () => VideoDecoder.Open(Synthetic.Library, track with { SampleEntryType = "mjp2" }, 1, "test"));
        Assert.Contains("'mjp2'", error.Message, StringComparison.Ordinal);
        Assert.Contains("avc1", error.Message, StringComparison.Ordinal);
    }

    private static List<long> Times(VideoDecoder decoder)
    {
        List<long> times = [];
        while (decoder.TryReceive(out Picture? picture))
        {
            times.Add(picture.PresentationTime);
            picture.Dispose();
        }

        return times;
    }

    private static double MeanError(Picture left, Picture right)
    {
        long sum = 0;
        for (int y = 0; y < left.Height; y++)
        {
            ReadOnlySpan<byte> a = left.Plane(0).Slice(y * left.Stride(0), left.Width);
            ReadOnlySpan<byte> b = right.Plane(0).Slice(y * right.Stride(0), right.Width);
            for (int x = 0; x < a.Length; x++)
            {
                sum += Math.Abs(a[x] - b[x]);
            }
        }

        return (double)sum / (left.Width * left.Height);
    }
}
