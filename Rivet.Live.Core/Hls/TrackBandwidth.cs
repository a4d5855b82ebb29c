namespace Rivet.Live.Core.Hls;

/// <summary>
/// BANDWIDTH and AVERAGE-BANDWIDTH of one track, in bits per second. Over its whole life and not over what is listed now, since players
/// read the master playlist once: what it said then must still be true later.
/// </summary>
/// <param name="targetDurationSeconds">EXT-X-TARGETDURATION.</param>
/// <param name="cappedBps">What our own encoder cannot exceed over a segment; null for what a publisher encodes.</param>
internal sealed class TrackBandwidth(int targetDurationSeconds, long? cappedBps)
{
    /// <summary>What a publisher's segments may grow by: a scene that is harder than all before.</summary>
    private const double Margin = 1.2;

    private readonly Lock _lock = new();
    private double _peakBps;
    private double _keyframePeakBps;
    private double _bits;
    private double _seconds;

    /// <summary>A segment is complete.</summary>
    public void Add(SegmentView segment)
    {
        lock (_lock)
        {
            // Shorter ones do not count for the peak (4.4.6.2): half a target duration is the least.
            if (segment.DurationSeconds * 2 >= targetDurationSeconds)
            {
                _peakBps = Math.Max(_peakBps, segment.BitsPerSecond);
                _keyframePeakBps = Math.Max(_keyframePeakBps, segment.FirstPartBytes * 8 / segment.DurationSeconds);
            }

            _bits += segment.Bytes * 8.0;
            _seconds += segment.DurationSeconds;
        }
    }

    /// <summary>The figures as they stand.</summary>
    /// <param name="growing">The newest segment, which is all there is of a track that just began.</param>
    public (long Peak, long Average) Read(SegmentView? growing)
    {
        lock (_lock)
        {
            double peak = _peakBps > 0 || growing is null ? _peakBps : Expected(growing);
            double average = _seconds > 0 ? _bits / _seconds : peak;
            double announced = Math.Max(cappedBps ?? 0, cappedBps is null ? peak * Margin : peak);
            return ((long)Math.Ceiling(Math.Max(announced, 1)), (long)Math.Ceiling(Math.Max(Math.Min(average, announced), 1)));
        }
    }

    /// <summary>BANDWIDTH of the I-frame playlist: a picture for as long as its segment lasts. Its part is no smaller than the picture.</summary>
    /// <param name="growing">As of <see cref="Read"/>.</param>
    public long ReadKeyframes(SegmentView? growing)
    {
        lock (_lock)
        {
            double peak = _keyframePeakBps > 0 || growing is null ? _keyframePeakBps : growing.FirstPartBytes * 8.0 / targetDurationSeconds;
            return (long)Math.Ceiling(Math.Max(peak * Margin, 1));
        }
    }

    /// <summary>A segment begins with its largest picture; the rest of it is expected to go on like what came after the first part.</summary>
    private double Expected(SegmentView growing)
    {
        if (growing.Parts.Length < 2)
        {
            return growing.BitsPerSecond;
        }

        double first = growing.Parts[0].DurationSeconds;
        double rest = growing.DurationSeconds - first;
        double restBytes = growing.Bytes - growing.Parts[0].Bytes;
        return rest > 0 ? (growing.Parts[0].Bytes + (restBytes / rest * Math.Max(0, targetDurationSeconds - first))) * 8 / targetDurationSeconds : growing.BitsPerSecond;
    }
}
