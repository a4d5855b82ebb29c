using System.Collections.Concurrent;
using System.Globalization;
using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Devices;

/// <summary>How fast a device encodes, with as many encoders side by side as that takes: a GPU has several engines, and one encoder uses one.</summary>
/// <param name="PixelsPerSecond">Of all these encoders together.</param>
/// <param name="Encoders">How many there were.</param>
internal sealed record EncodingSpeed(double PixelsPerSecond, int Encoders)
{
    private const int Width = 1280;
    private const int Height = 720;
    private const int Pictures = 12;
    private const int EncodersMax = 16;

    /// <summary>What a GPU's engine is trusted with that was not measured: 300 pictures of 1080 lines a second.</summary>
    public const double UsualPixelsPerSecond = 1920.0 * 1080 * 300;

    /// <summary>Twice as many encoders are worth it where they do so much more.</summary>
    private const double Worthwhile = 1.2;

    /// <summary>Why it is a guess; null where it was measured.</summary>
    public string? Why { get; private init; }

    /// <summary>A guess, until what is seen corrects it.</summary>
    public static EncodingSpeed Unmeasured(string why) => new(UsualPixelsPerSecond, 1) { Why = why };

    /// <summary>Encodes with twice as many encoders each time, until more of them encode no more, or the device opens no more.</summary>
    /// <param name="codec">What to encode as.</param>
    /// <param name="codecs">Draws the pictures.</param>
    /// <param name="open">Opens an encoder of the device; it may hang.</param>
    /// <exception cref="CodecException">Not even one encodes.</exception>
    public static EncodingSpeed Measure(VideoCodec codec, Codecs codecs, Func<VideoEncoderSettings, IVideoEncoder> open)
    {
        Picture[] pictures = [.. Enumerable.Range(0, Pictures).Select(number => codecs.DrawPicture(Width, Height, number))];
        try
        {
            return Measure(encoders => Run(codec, pictures, open, encoders));
        }
        finally
        {
            Array.ForEach(pictures, static picture => picture.Dispose());
        }
    }

    private static EncodingSpeed Measure(Func<int, EncodingSpeed> run)
    {
        EncodingSpeed speed = run(1);
        while (speed.Encoders < EncodersMax)
        {
            EncodingSpeed more;
            try
            {
                more = run(speed.Encoders * 2);
            }
            catch (CodecException refused) when (refused.Fault is EncoderFault.Full or EncoderFault.Busy)
            {
                return speed;
            }

            if (more.PixelsPerSecond < speed.PixelsPerSecond * Worthwhile)
            {
                return speed.PixelsPerSecond > more.PixelsPerSecond ? speed : speed with { PixelsPerSecond = more.PixelsPerSecond };
            }

            speed = more;
        }

        return speed;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{PixelsPerSecond / 1e6:0} million pixels a second {(Why is null ? $"with {Encoders} at once" : $"by guess: {Why}")}");

    private static EncodingSpeed Run(VideoCodec codec, Picture[] pictures, Func<VideoEncoderSettings, IVideoEncoder> open, int encoders)
    {
        VideoEncoderSettings settings = new()
        {
            Codec = codec,
            Width = Width,
            Height = Height,
            Timescale = 30,
            FrameRate = (30, 1),
            BitrateBps = 3_000_000,
        };
        List<IVideoEncoder> opened = [];
        try
        {
            for (int i = 0; i < encoders; i++)
            {
                opened.Add(open(settings));
            }

            ConcurrentQueue<CodecException> failures = [];
            long began = TimeProvider.System.GetTimestamp();
            List<Thread> threads = [.. opened.Select(encoder => new Thread(() => Encode(encoder, pictures, failures)))];
            threads.ForEach(static thread => thread.Start());
            threads.ForEach(static thread => thread.Join());
            if (failures.TryDequeue(out CodecException? failure))
            {
                throw failure;
            }

            return new EncodingSpeed((double)encoders * Pictures * Width * Height / TimeProvider.System.GetElapsedTime(began).TotalSeconds, encoders);
        }
        finally
        {
            opened.ForEach(static encoder => encoder.Dispose());
        }
    }

    private static void Encode(IVideoEncoder encoder, Picture[] pictures, ConcurrentQueue<CodecException> failures)
    {
        try
        {
            foreach (Picture picture in pictures)
            {
                using Picture own = picture.Share();
                encoder.Send(own, forceKeyframe: false);
                Receive(encoder);
            }

            encoder.Drain();
            Receive(encoder);
        }
        catch (CodecException failure)
        {
            failures.Enqueue(failure);
        }
    }

    private static void Receive(IVideoEncoder encoder)
    {
        while (encoder.TryReceive(out EncodedSample? sample))
        {
            sample.Dispose();
        }
    }
}
