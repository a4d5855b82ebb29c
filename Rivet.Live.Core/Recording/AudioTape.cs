using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;

namespace Rivet.Live.Core.Recording;

/// <summary>The broadcast's sound of the last minute, read once for all of its recorders, each of which has a cursor.</summary>
/// <remarks>A rendition's track opens when its encoder has made something; by then the sound of that time has long been published.</remarks>
internal sealed class AudioTape : IDisposable
{
    private const double SecondsKept = 60;

    private readonly Lock _tapeLock = new();
    private readonly List<Fragment> _fragments = [];
    private readonly List<(MediaTime Time, TaskCompletionSource Reached)> _waiting = [];
    private TrackDescription? _track;
    private MediaTime? _end;
    private long _firstNumber;
    private bool _runs;

    /// <summary>Keeps what is published until the track ends.</summary>
    /// <param name="track">Its init, where it is known.</param>
    /// <param name="subscription">Disposed at the end.</param>
    /// <param name="aborting">Ends it early.</param>
    public async Task RunAsync(TrackDescription? track, FragmentSubscription subscription, CancellationToken aborting)
    {
        lock (_tapeLock)
        {
            _track = track;
            _runs = true;
        }

        try
        {
            while (await subscription.ReadAsync(aborting) is { } fragment)
            {
                Add(fragment);
            }
        }
        finally
        {
            subscription.Dispose();
            End();
        }
    }

    /// <summary>The init of the next sample that is not before <paramref name="from"/>; null where there is none yet.</summary>
    public TrackDescription? Next(AudioCursor cursor, MediaTime from)
    {
        lock (_tapeLock)
        {
            return Find(cursor, from)?.Track;
        }
    }

    /// <summary>The init that the next sample will need, as far as is known; null for a broadcast without sound.</summary>
    public TrackDescription? Expected(AudioCursor cursor, MediaTime from)
    {
        lock (_tapeLock)
        {
            return Find(cursor, from)?.Track ?? _track;
        }
    }

    /// <summary>The cursor's next samples, as long as they need that init; who takes them disposes each one's source.</summary>
    /// <param name="cursor">Moves behind what is taken.</param>
    /// <param name="track">The init.</param>
    /// <param name="from">What begins before it is passed over.</param>
    /// <param name="until">What begins there or later stays.</param>
    public PartSample[] Take(AudioCursor cursor, TrackDescription track, MediaTime from, MediaTime until)
    {
        List<PartSample> taken = [];
        lock (_tapeLock)
        {
            while (Find(cursor, from) is { } fragment && fragment.Track.IsSameStreamAs(track))
            {
                Sample sample = fragment.Samples[cursor.Sample];
                if (TimeOf(fragment, sample) >= until)
                {
                    break;
                }

                taken.Add(new PartSample(sample, fragment.Share()));
                cursor.Sample++;
            }
        }

        return [.. taken];
    }

    /// <summary>Completes when the sound reaches that time, or ends.</summary>
    public Task WhenReachedAsync(MediaTime time)
    {
        lock (_tapeLock)
        {
            if (!_runs || _end >= time)
            {
                return Task.CompletedTask;
            }

            TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((time, reached));
            return reached.Task;
        }
    }

    public void Dispose()
    {
        End();
        lock (_tapeLock)
        {
            _fragments.ForEach(static fragment => fragment.Dispose());
            _fragments.Clear();
        }
    }

    private static MediaTime TimeOf(Fragment fragment, in Sample sample) => new(sample.PresentationTime, fragment.Track.Timescale);

    /// <summary>Moves the cursor to its next sample that is not before a time; returns the fragment that it lies in.</summary>
    private Fragment? Find(AudioCursor cursor, MediaTime from)
    {
        if (cursor.Fragment < _firstNumber)
        {
            cursor.Skipped += _firstNumber - cursor.Fragment;
            (cursor.Fragment, cursor.Sample) = (_firstNumber, 0);
        }

        while (cursor.Fragment - _firstNumber < _fragments.Count)
        {
            Fragment fragment = _fragments[(int)(cursor.Fragment - _firstNumber)];
            while (cursor.Sample < fragment.Samples.Length)
            {
                if (TimeOf(fragment, fragment.Samples[cursor.Sample]) >= from)
                {
                    return fragment;
                }

                cursor.Sample++;
            }

            (cursor.Fragment, cursor.Sample) = (cursor.Fragment + 1, 0);
        }

        return null;
    }

    private void Add(Fragment fragment)
    {
        lock (_tapeLock)
        {
            MediaTime end = fragment.End;
            _end = _end is { } before && before > end ? before : end;
            if (fragment.IsAbsence)
            {
                fragment.Dispose();
            }
            else
            {
                _track = fragment.Track;
                _fragments.Add(fragment);
            }

            int old = _fragments.FindIndex(kept => _end.Value.Seconds - kept.End.Seconds <= SecondsKept);
            _fragments.Take(Math.Max(0, old)).ToList().ForEach(static gone => gone.Dispose());
            _fragments.RemoveRange(0, Math.Max(0, old));
            _firstNumber += Math.Max(0, old);
            Tell(waiting => waiting.Time <= _end);
        }
    }

    private void End()
    {
        lock (_tapeLock)
        {
            _runs = false;
            Tell(static _ => true);
        }
    }

    private void Tell(Predicate<(MediaTime Time, TaskCompletionSource Reached)> which)
    {
        _waiting.FindAll(which).ForEach(static waiting => waiting.Reached.SetResult());
        _waiting.RemoveAll(which);
    }
}
