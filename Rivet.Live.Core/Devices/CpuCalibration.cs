using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Encoding;

namespace Rivet.Live.Core.Devices;

/// <summary>Measures how fast one thread of this CPU encodes.</summary>
internal static class CpuCalibration
{
    private const int Width = 640;
    private const int Height = 360;
    private const int Rounds = 4;
    private const int PicturesPerRound = 6;

    /// <summary>Pixels per second of one thread with a preset: the best of a few rounds, since other programs can only make it slower.</summary>
    /// <exception cref="CodecException">The encoder cannot be opened.</exception>
    public static double Measure(Codecs codecs, string preset)
    {
        PayloadPool payloads = new();
        VideoEncoderSettings settings = new()
        {
            Width = Width,
            Height = Height,
            Timescale = 30,
            FrameRate = (30, 1),
            BitrateBps = 800_000,
            Preset = preset,
        };
        using IVideoEncoder encoder = codecs.OpenEncoder(settings, payloads, "calibration");
        double best = double.PositiveInfinity;
        for (int round = 0; round < Rounds; round++)
        {
            double seconds = 0;
            for (int number = 0; number < PicturesPerRound; number++)
            {
                using Picture picture = codecs.DrawPicture(Width, Height, (round * PicturesPerRound) + number);
                long began = TimeProvider.System.GetTimestamp();
                encoder.Send(picture, forceKeyframe: false);
                while (encoder.TryReceive(out EncodedSample? sample))
                {
                    sample.Dispose();
                }

                seconds += TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            }

            best = Math.Min(best, seconds);
        }

        return Width * Height * PicturesPerRound / best;
    }
}
