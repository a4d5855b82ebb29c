using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Recording;

/// <summary>What of one track's time is in a file: its samples follow each other, or there is a gap between them.</summary>
internal sealed class RecordingCoverage(int timescale)
{
    private long? _end;

    public long Samples { get; private set; }

    /// <summary>How often media is missing between what is there, or before the first of it.</summary>
    public long Gaps { get; private set; }

    public double GapSeconds { get; private set; }

    /// <summary>Where the track ends in the file.</summary>
    public double Seconds => (double)(_end ?? 0) / timescale;

    /// <param name="sample">Written, its decode time counted from the file's zero.</param>
    public void Add(in Sample sample)
    {
        // Sound does not begin at the same instant as the picture; between samples, less than one of them is rounding.
        long hole = sample.DecodeTime - (_end ?? 0);
        if (hole > 0 && (_end is null ? hole > sample.Duration : 4 * hole >= 3L * sample.Duration))
        {
            Gaps++;
            GapSeconds += (double)hole / timescale;
        }

        _end = Math.Max(_end ?? 0, sample.DecodeEnd);
        Samples++;
    }
}
