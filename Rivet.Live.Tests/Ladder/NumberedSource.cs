using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;
using Rivet.Live.Tests.Encoding;
using Rivet.Live.Tests.Support;
using Xunit;

namespace Rivet.Live.Tests.Ladder;

/// <summary>A source whose pictures carry their numbers, one sample each, thirty a second, its ticks their numbers.</summary>
internal sealed class NumberedSource
{
    public const int Rate = 30;

    private NumberedSource(TrackDescription track, IReadOnlyList<(byte[] Bytes, bool IsSync)> samples)
    {
        Track = track;
        Samples = samples;
    }

    public TrackDescription Track { get; }

    public IReadOnlyList<(byte[] Bytes, bool IsSync)> Samples { get; }

    public static NumberedSource Encode(int pictures, int gop, int width = 160, int height = 120)
    {
        PayloadPool payloads = new();
        using VideoEncoder encoder = VideoEncoder.Open(Synthetic.Library, Synthetic.Settings(width, height), payloads, "numbered");
        List<(byte[], bool)> samples = [];
        for (int number = 0; number < pictures; number++)
        {
            using Picture picture = IndexPattern.Draw(number, width, height);
            encoder.Send(picture, number % gop == 0);
            Assert.True(encoder.TryReceive(out EncodedSample? sample));
            samples.Add((sample.Payload.Memory.ToArray(), sample.IsKeyframe));
            sample.Dispose();
        }

        return new NumberedSource(encoder.Track!, samples);
    }

    /// <summary>Publishes the pictures of a range, as fast as they are taken.</summary>
    public void Publish(LadderSource to, Range range)
    {
        (int offset, int length) = range.GetOffsetAndLength(Samples.Count);
        for (int number = offset; number < offset + length; number++)
        {
            to.Publish(Track, Samples[number].Bytes, Samples[number].IsSync, number, 1);
        }
    }

    /// <summary>Publishes all of them in real time.</summary>
    public async Task PublishInRealTimeAsync(LadderSource to)
    {
        using PeriodicTimer frame = new(TimeSpan.FromSeconds(1.0 / Rate));
        long began = TimeProvider.System.GetTimestamp();
        for (int number = 0; number < Samples.Count;)
        {
            await frame.WaitForNextTickAsync();
            int due = Math.Min(Samples.Count, 1 + (int)(TimeProvider.System.GetElapsedTime(began).TotalSeconds * Rate));
            Publish(to, number..due);
            number = due;
        }
    }
}
