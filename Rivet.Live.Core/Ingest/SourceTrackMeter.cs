using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ingest;

/// <summary>What is measured of one of a publisher's tracks, over all its connections. Written by the publisher's, read by stats.</summary>
internal sealed class SourceTrackMeter(string name, TrackDescription track)
{
    private long _fragments;
    private long _bytes;
    private long _lastReceivedAt;
    private long _repeats;
    private MediaTime? _lastSync;

    public string Name => name;

    /// <summary>The newest init.</summary>
    public TrackDescription Track { get; private set; } = track;

    public long Fragments => Interlocked.Read(ref _fragments);

    /// <summary>Bytes of samples.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Fragments that had come before, whole or in part, of which that was dropped: sent again, or by a redundant publisher.</summary>
    public long Repeats => Interlocked.Read(ref _repeats);

    /// <summary>When the newest fragment's last byte came, as <see cref="TimeProvider.GetTimestamp"/>; 0 before the first.</summary>
    public long LastReceivedAt => Interlocked.Read(ref _lastReceivedAt);

    public BitrateMeter Bitrate { get; } = new();

    /// <summary>Durations of fragments, in seconds.</summary>
    public SlidingPercentiles FragmentSeconds { get; } = new();

    /// <summary>Distances of keyframes, in seconds.</summary>
    public SlidingPercentiles KeyframeSeconds { get; } = new();

    /// <summary>Durations of samples, in seconds.</summary>
    public SlidingPercentiles SampleSeconds { get; } = new();

    public void CountRepeat() => Interlocked.Increment(ref _repeats);

    public void Count(Fragment fragment)
    {
        Track = fragment.Track;
        double seconds = fragment.End.Seconds - fragment.Start.Seconds;
        int bytes = fragment.PayloadBytes;
        Interlocked.Increment(ref _fragments);
        Interlocked.Add(ref _bytes, bytes);
        Interlocked.Exchange(ref _lastReceivedAt, fragment.ReceivedAt);
        FragmentSeconds.Add(seconds);
        Bitrate.Add(seconds, bytes);
        if (Track.Kind != TrackKind.Video)
        {
            return;
        }

        foreach (Sample sample in fragment.Samples)
        {
            SampleSeconds.Add((double)sample.Duration / Track.Timescale);
            if (sample.IsSync)
            {
                var time = new MediaTime(sample.PresentationTime, Track.Timescale);
                if (_lastSync is { } before && !fragment.IsDiscontinuity)
                {
                    KeyframeSeconds.Add(time.Seconds - before.Seconds);
                }

                _lastSync = time;
            }
        }
    }
}
