using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>What the first minute of one of a publisher's tracks is like, and how fast it comes all the time, for <see cref="FindingRules"/>. Written by the publisher's, read by whoever judges.</summary>
internal sealed class TrackTraits(TrackDescription track)
{
    /// <summary>Media that is looked at: an encoder shows its settings sooner.</summary>
    private const double WatchedSeconds = 60;

    /// <summary>Durations are what a publisher says that they are: twice a minute of video at 60 a second.</summary>
    private const int WatchedSamples = 8192;

    private readonly Lock _traitsLock = new();

    // In order: they are judged every second.
    private readonly List<double> _fragmentSeconds = [];
    private readonly List<double> _sampleSeconds = [];
    private readonly List<long> _secondsBytes = [];
    private readonly PaceFit _pace = new();
    private double? _firstSampleSeconds;
    private double? _firstShown;
    private double _longestReordering;
    private double _longestGop;
    private double? _lastKeyframe;
    private double? _secondsApart;

    public TrackDescription Track { get; private set; } = track;

    /// <summary>Media so far, in seconds.</summary>
    public double Seconds { get; private set; }

    /// <param name="fragment">What came, on the broadcast's timeline.</param>
    /// <param name="at">When its last byte did, in seconds.</param>
    public void Observe(Fragment fragment, double at)
    {
        lock (_traitsLock)
        {
            Track = fragment.Track;
            _secondsApart = null;
            double seconds = fragment.End.Seconds - fragment.Start.Seconds;
            Seconds += seconds;
            if (fragment.IsDiscontinuity)
            {
                _pace.Forget();
            }

            _pace.Add(at, fragment.End.Seconds);
            if (Seconds > WatchedSeconds || _sampleSeconds.Count > WatchedSamples)
            {
                return;
            }

            Insert(_fragmentSeconds, seconds);
            foreach (ref readonly Sample sample in fragment.Samples.AsSpan(0, Math.Min(fragment.Samples.Length, WatchedSamples)))
            {
                Observe(sample);
            }
        }
    }

    /// <summary>A fragment came so far from where the other tracks begin that nobody gets it.</summary>
    public void LeaveOut(double secondsApart)
    {
        lock (_traitsLock)
        {
            _secondsApart ??= secondsApart;
        }
    }

    /// <summary>The same, at one moment.</summary>
    public Snapshot Read()
    {
        lock (_traitsLock)
        {
            double openGop = _lastKeyframe is { } last && Track.Kind == TrackKind.Video ? ShownUntil - last : 0;
            return new Snapshot(
                Track,
                Seconds,
                Median(_fragmentSeconds),
                Median(_sampleSeconds),
                Quantile(_sampleSeconds, 0.05),
                Quantile(_sampleSeconds, 0.95),
                _firstSampleSeconds ?? 0,
                _firstShown,
                _longestReordering,
                Math.Max(_longestGop, openGop),
                [.. _secondsBytes],
                _pace.Read(),
                _secondsApart);
        }
    }

    private double ShownUntil { get; set; }

    private void Observe(in Sample sample)
    {
        double scale = Track.Timescale;
        double seconds = sample.Duration / scale;
        double shown = sample.PresentationTime / scale;
        if (_firstSampleSeconds is null)
        {
            _firstSampleSeconds = seconds;
        }
        else
        {
            Insert(_sampleSeconds, seconds);
        }

        _firstShown ??= shown;
        ShownUntil = Math.Max(ShownUntil, shown + seconds);
        CountBytes(shown - _firstShown.Value, sample.Bytes);
        if (Track.Kind != TrackKind.Video)
        {
            return;
        }

        _longestReordering = Math.Max(_longestReordering, sample.CompositionOffset / scale);
        if (sample.IsSync)
        {
            _longestGop = Math.Max(_longestGop, _lastKeyframe is { } before ? shown - before : 0);
            _lastKeyframe = shown;
        }
    }

    private void CountBytes(double second, int bytes)
    {
        int index = (int)Math.Clamp(second, 0, WatchedSeconds);
        while (_secondsBytes.Count <= index)
        {
            _secondsBytes.Add(0);
        }

        _secondsBytes[index] += bytes;
    }

    private static void Insert(List<double> sorted, double value)
    {
        int place = sorted.BinarySearch(value);
        sorted.Insert(place < 0 ? ~place : place, value);
    }

    private static double Median(List<double> sorted) => Quantile(sorted, 0.5);

    private static double Quantile(List<double> sorted, double fraction) => sorted.Count == 0 ? 0 : sorted[(int)(sorted.Count * fraction)];

    /// <param name="Track">The newest init.</param>
    /// <param name="Seconds">Media so far.</param>
    /// <param name="FragmentSeconds">Median of fragments' durations.</param>
    /// <param name="SampleSeconds">Median of samples' durations.</param>
    /// <param name="ShortSampleSeconds">Of which 5 % are shorter.</param>
    /// <param name="LongSampleSeconds">Of which 5 % are longer.</param>
    /// <param name="FirstSampleSeconds">The first sample's duration.</param>
    /// <param name="FirstShown">Presentation time of the first sample, in seconds; null before it.</param>
    /// <param name="ReorderingSeconds">The longest that a picture is decoded before it is shown.</param>
    /// <param name="GopSeconds">The longest distance of keyframes, also of the one that has yet to end.</param>
    /// <param name="SecondsBytes">Bytes of each second of media.</param>
    /// <param name="Pace">Seconds of media for each second that passed; null while that may well be one.</param>
    /// <param name="SecondsApart">How far ahead of where the other tracks begin it begins, which is why nobody gets it; null where it is not left out.</param>
    internal sealed record Snapshot(
        TrackDescription Track,
        double Seconds,
        double FragmentSeconds,
        double SampleSeconds,
        double ShortSampleSeconds,
        double LongSampleSeconds,
        double FirstSampleSeconds,
        double? FirstShown,
        double ReorderingSeconds,
        double GopSeconds,
        IReadOnlyList<long> SecondsBytes,
        double? Pace,
        double? SecondsApart);
}
