using System.Globalization;
using System.Runtime.InteropServices;
using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Devices;

/// <summary>Has an encoder encode, decodes that on the CPU, and compares: pictures in their order, keyframes where they were asked for and nowhere else.</summary>
/// <param name="codecs">Draws the pictures and decodes the samples.</param>
internal sealed class EncoderSelfTest(Codecs codecs)
{
    /// <summary>What one plane in the wrong place or at the wrong pitch is far below, and no encoder at this bit rate.</summary>
    private const double LeastDecibels = 25;

    // Some encoders refuse pictures that are much smaller.
    private const int Width = 640;
    private const int Height = 360;
    private const int BitrateBps = 12_000_000;

    /// <summary>What a GPU is put to the test with.</summary>
    public static VideoEncoderSettings SettingsOf(VideoCodec codec, int bitDepth) => new()
    {
        Codec = codec,
        Width = Width,
        Height = Height,
        BitDepth = bitDepth,
        Timescale = 30,
        FrameRate = (30, 1),
        BitrateBps = BitrateBps,
        Tuning = new EncoderTuning { Target = null },
    };

    /// <summary>Opens an encoder and puts it to the test.</summary>
    /// <param name="settings">With a timescale of one tick a picture, and bits enough for pictures that are hardly changed.</param>
    /// <param name="pictures">How many to encode: half of them from a keyframe on.</param>
    /// <param name="open">Opens the encoder.</param>
    /// <exception cref="CodecException">It does not encode, or <see cref="EncoderFault.Wrong"/>: the message says how.</exception>
    public EncoderTestResult Run(VideoEncoderSettings settings, int pictures, Func<VideoEncoderSettings, IVideoEncoder> open)
    {
        Picture[] drawn = [.. Enumerable.Range(0, pictures).Select(number => codecs.DrawPicture(settings.Width, settings.Height, number, settings.BitDepth))];
        List<EncodedSample> samples = [];
        bool isEncoded = false;
        try
        {
            using IVideoEncoder encoder = open(settings);
            TimeSpan took = Encode(encoder, drawn, samples);
            isEncoded = true;
            Require(samples, pictures);
            return new EncoderTestResult(settings.Width, settings.Height, pictures, took, Compare(encoder, samples, drawn));
        }
        catch (CodecException undecodable) when (isEncoded && undecodable.Fault != EncoderFault.Wrong)
        {
            throw new CodecException(EncoderFault.Wrong, $"What it gave cannot be decoded again: {undecodable.Message}", undecodable);
        }
        finally
        {
            samples.ForEach(static sample => sample.Dispose());
            Array.ForEach(drawn, static picture => picture.Dispose());
        }
    }

    private static TimeSpan Encode(IVideoEncoder encoder, Picture[] pictures, List<EncodedSample> samples)
    {
        long began = TimeProvider.System.GetTimestamp();
        for (int number = 0; number < pictures.Length; number++)
        {
            encoder.Send(pictures[number], forceKeyframe: number == pictures.Length / 2);
            Receive();
        }

        encoder.Drain();
        Receive();
        return TimeProvider.System.GetElapsedTime(began);

        void Receive()
        {
            while (encoder.TryReceive(out EncodedSample? sample))
            {
                samples.Add(sample);
            }
        }
    }

    private static void Require(List<EncodedSample> samples, int pictures)
    {
        long[] times = [.. samples.Select(static sample => sample.PresentationTime)];
        if (!times.SequenceEqual(Enumerable.Range(0, pictures).Select(static number => (long)number)))
        {
            throw new CodecException(EncoderFault.Wrong, $"{pictures} pictures went in, and samples came out for {string.Join(' ', times)}.");
        }

        long[] keyframes = [.. samples.Where(static sample => sample.IsKeyframe).Select(static sample => sample.PresentationTime)];
        if (!keyframes.SequenceEqual([0L, pictures / 2]))
        {
            throw new CodecException(EncoderFault.Wrong, $"Keyframes were asked for at 0 and {pictures / 2}, and are at {string.Join(' ', keyframes)}.");
        }
    }

    /// <returns>The least likeness of any plane, in decibels.</returns>
    private double Compare(IVideoEncoder encoder, List<EncodedSample> samples, Picture[] pictures)
    {
        using VideoDecoder decoder = codecs.OpenDecoder(encoder.Track!, threads: 1, $"{FFmpegLog.TrialPrefix}its samples");
        double least = double.PositiveInfinity;
        int compared = 0;
        foreach (EncodedSample sample in samples)
        {
            decoder.Send(sample.Payload.Memory.Span, sample.DecodeTime, sample.PresentationTime, sample.IsKeyframe);
            Receive();
        }

        decoder.Drain();
        Receive();
        return compared == pictures.Length && least >= LeastDecibels
            ? least
            : throw new CodecException(EncoderFault.Wrong, string.Create(
                CultureInfo.InvariantCulture, $"{compared} of {pictures.Length} pictures could be decoded again, a plane of one as little like its source as {least:0.0} dB."));

        void Receive()
        {
            while (decoder.TryReceive(out Picture? picture))
            {
                using (picture)
                {
                    if (picture.IsDamaged)
                    {
                        throw new CodecException(EncoderFault.Wrong, $"Picture {picture.PresentationTime} is damaged when it is decoded again.");
                    }

                    least = Math.Min(least, LikenessOf(picture, pictures[picture.PresentationTime]));
                    compared++;
                }
            }
        }
    }

    private static double LikenessOf(Picture decoded, Picture source)
    {
        if (!decoded.IsPlanar420Of(source.BitDepth) || decoded.Width != source.Width || decoded.Height != source.Height)
        {
            throw new CodecException(EncoderFault.Wrong, $"A {source.PixelFormat} picture is {decoded.Width}x{decoded.Height} {decoded.PixelFormat} when it is decoded again.");
        }

        return Enumerable.Range(0, 3).Min(plane => LikenessOf(decoded, source, plane));
    }

    /// <summary>PSNR of a plane.</summary>
    private static double LikenessOf(Picture decoded, Picture source, int plane)
    {
        int sampleBytes = source.BitDepth == 8 ? 1 : 2;
        int rowBytes = source.PlaneWidth(plane) * sampleBytes;
        double squares = 0;
        for (int row = 0; row < source.PlaneHeight(plane); row++)
        {
            ReadOnlySpan<byte> one = decoded.Frame.Plane(plane, rowBytes, source.PlaneHeight(plane)).Slice(row * decoded.Stride(plane), rowBytes);
            ReadOnlySpan<byte> other = source.Frame.Plane(plane, rowBytes, source.PlaneHeight(plane)).Slice(row * source.Stride(plane), rowBytes);
            squares += sampleBytes == 1 ? SquaresOf(one, other) : SquaresOf(MemoryMarshal.Cast<byte, ushort>(one), MemoryMarshal.Cast<byte, ushort>(other));
        }

        double mean = squares / (source.PlaneWidth(plane) * source.PlaneHeight(plane));
        double most = (1 << source.BitDepth) - 1;
        return mean == 0 ? 100 : 10 * Math.Log10(most * most / mean);
    }

    private static double SquaresOf<T>(ReadOnlySpan<T> one, ReadOnlySpan<T> other)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        long squares = 0;
        for (int i = 0; i < one.Length; i++)
        {
            long difference = long.CreateTruncating(one[i]) - long.CreateTruncating(other[i]);
            squares += difference * difference;
        }

        return squares;
    }
}

/// <summary>What an encoder that works did.</summary>
/// <param name="Width">Of the pictures.</param>
/// <param name="Height">Of the pictures.</param>
/// <param name="Pictures">How many.</param>
/// <param name="Took">From the first picture to the last sample.</param>
/// <param name="Decibels">PSNR of the plane that is least like its source.</param>
internal sealed record EncoderTestResult(int Width, int Height, int Pictures, TimeSpan Took, double Decibels)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Pictures} pictures of {Width}x{Height} in {Took.TotalSeconds:0.00} s, {Pictures / Took.TotalSeconds:0} a second; decoded again, {Decibels:0.0} dB at the least");
}
