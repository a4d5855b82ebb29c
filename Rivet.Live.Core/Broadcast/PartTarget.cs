using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Broadcast;

/// <summary>EXT-X-PART-INF PART-TARGET of a broadcast: decided once, before the first part is made, and the same in all its playlists.</summary>
/// <remarks>
/// A part is a whole number of frames, at most as long as the target and at least 85 % of it (RFC 8216bis 4.4.4.9). Whether that is possible
/// depends on how long the frames of video, audio and renditions are, so the configured value is moved to the nearest one that suits all,
/// see <see cref="PartTargetRule"/>.
/// Packagers wait for the decision: it falls when the driving track has about one part of media, which a first part needs anyhow.
/// </remarks>
public sealed class PartTarget
{
    private readonly Lock _learningLock = new();
    private readonly Dictionary<string, FrameDurations> _tracks = [];
    private readonly TaskCompletionSource<PartLength> _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly double _wantedSeconds;
    private readonly Func<TrackDescription, FrameCadence, IEnumerable<FrameCadence>> _renditionsOf;
    private double _seconds;

    /// <param name="wantedSeconds">The configured target.</param>
    /// <param name="renditionsOf">How the frames of renditions last that are made from a video track and do not keep all of its frames.</param>
    public PartTarget(double wantedSeconds, Func<TrackDescription, FrameCadence, IEnumerable<FrameCadence>> renditionsOf)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(wantedSeconds);
        _wantedSeconds = wantedSeconds;
        _seconds = wantedSeconds;
        _renditionsOf = renditionsOf;
    }

    /// <summary>The target and where parts are cut, once it is decided; never changes.</summary>
    public Task<PartLength> WhenDecided => _decided.Task;

    /// <summary>The target in seconds; before the decision, when no playlist can be shown yet, the configured one.</summary>
    public double Seconds => Volatile.Read(ref _seconds);

    /// <summary>A target that suits whoever names it.</summary>
    public static PartTarget Fixed(double seconds)
    {
        var target = new PartTarget(seconds, static (_, _) => []);
        target._decided.SetResult(PartLength.Filled(seconds));
        return target;
    }

    /// <summary>The publisher announced a track: its frames count, if they come in time.</summary>
    public void Expect(string track, TrackDescription description)
    {
        lock (_learningLock)
        {
            _tracks.TryAdd(track, new FrameDurations(description));
        }
    }

    /// <summary>Looks at a track's next samples before they are published.</summary>
    /// <param name="track">An expected track.</param>
    /// <param name="fragment">Its samples.</param>
    /// <param name="drivesGrid">It is the driving track: no part begins before it does.</param>
    public void Observe(string track, Fragment fragment, bool drivesGrid)
    {
        lock (_learningLock)
        {
            if (_decided.Task.IsCompleted || !_tracks.TryGetValue(track, out FrameDurations? durations))
            {
                return;
            }

            bool hadEnough = HasEnough(durations);
            durations.Observe(fragment);
            bool allKnown = _tracks.Values.All(static other => other.IsKnown);

            // The others' samples of the same time come right behind the driving track's; whoever is not there by its next fragment is guessed.
            if (allKnown ? _tracks.Values.Any(HasEnough) : drivesGrid && hadEnough)
            {
                DecideNow();
            }
        }
    }

    /// <summary>Nothing more will come: what is known must do.</summary>
    public void Decide()
    {
        lock (_learningLock)
        {
            DecideNow();
        }
    }

    private bool HasEnough(FrameDurations durations) => durations.HasLearntFrom(_wantedSeconds);

    private void DecideNow()
    {
        if (_decided.Task.IsCompleted)
        {
            return;
        }

        List<FrameCadence> cadences = [];
        foreach (FrameDurations durations in _tracks.Values)
        {
            if (durations.Cadence() is { } cadence)
            {
                cadences.Add(cadence);
                cadences.AddRange(durations.Track.Kind == TrackKind.Video ? _renditionsOf(durations.Track, cadence) : []);
            }
        }

        PartLength length = PartTargetRule.Choose(_wantedSeconds, cadences);
        Volatile.Write(ref _seconds, length.TargetSeconds);
        _decided.SetResult(length);
    }
}
