using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>Keeps decode times going forward where a publisher's overlap a little: nobody behind ingest meets a sample that does not lie behind the one before.</summary>
/// <remarks>
/// MediaRecorder guesses how long the last sample of a fragment lasts, and gives samples that came too fast the same time; other muxers overlap by a
/// sample or two where they trim priming. What was published cannot be made shorter any more, so what comes next begins at its end, a millisecond for each
/// sample, until the samples' own times are later again: nothing is lost, and nothing stays late.
/// </remarks>
internal static class DecodeOrder
{
    private const int StepsPerSecond = 1000;

    /// <summary>The samples at times that follow one another; the same array where they do already.</summary>
    /// <param name="samples">In decode order, at least one.</param>
    /// <param name="end">Where the samples before them end, in ticks.</param>
    /// <param name="timescale">Ticks per second.</param>
    public static Sample[] Behind(long end, Sample[] samples, int timescale)
    {
        if (samples[0].DecodeTime >= end && !Array.Exists(samples, static sample => sample.Duration == 0))
        {
            return samples;
        }

        int step = Math.Max(1, timescale / StepsPerSecond);
        Sample[] moved = [.. samples];
        foreach (ref Sample sample in moved.AsSpan())
        {
            long start = Math.Max(sample.DecodeTime, end);
            end = start == sample.DecodeTime && sample.Duration > 0 ? sample.DecodeEnd : Math.Max(sample.DecodeEnd, start + step);
            sample = sample with { DecodeTime = start, Duration = (int)(end - start) };
        }

        Show(moved, samples, step);
        return moved;
    }

    /// <summary>Pictures are shown when they were, or when they are decoded where that is later, and in the same order.</summary>
    private static void Show(Sample[] moved, Sample[] samples, int step)
    {
        long earliest = long.MinValue;
        foreach (int index in Enumerable.Range(0, samples.Length).OrderBy(index => samples[index].PresentationTime))
        {
            long decoded = moved[index].DecodeTime;
            long shown = decoded == samples[index].DecodeTime ? samples[index].PresentationTime : Math.Max(samples[index].PresentationTime, decoded);
            shown = Math.Max(shown, earliest);
            moved[index] = moved[index] with { CompositionOffset = (int)Math.Clamp(shown - decoded, int.MinValue, int.MaxValue) };
            earliest = shown + step;
        }
    }
}
