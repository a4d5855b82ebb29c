using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;

namespace Rivet.Live.Core.Recording;

/// <summary>Writes one track, and the sound of its time, into one file after the other: a new one where an init changes.</summary>
/// <remarks>
/// Its queue is its subscription, which is bounded in seconds of media: a disk that is slow costs fragments of this recording and
/// nobody waits. Samples are taken in decode order; a file's fragments begin at keyframes, or after a second. What was told
/// as absent and comes late is recorded all the same: nobody waits for a recording.
/// </remarks>
/// <param name="name">What the file is called.</param>
/// <param name="main">The track.</param>
/// <param name="tape">The sound; null where the track is the sound.</param>
/// <param name="folder">Where its files go.</param>
/// <param name="disk">Takes turns.</param>
/// <param name="pool">Lends the memory that fragments are put together in.</param>
internal sealed class TrackRecorder(string name, FragmentSubscription main, AudioTape? tape, RecordingFolder folder, RecordingDisk disk, PayloadPool pool)
{
    /// <summary>What a killed process loses at most.</summary>
    private const double FragmentSecondsMax = 1;

    /// <summary>Shorter ones are not cut off for a keyframe: there are sources of nothing but keyframes.</summary>
    private const double FragmentSecondsMin = 0.5;

    private readonly AudioCursor _cursor = new();
    private readonly List<PartSample> _pending = [];
    private readonly Lock _filesLock = new();
    private readonly List<RecordingFile> _files = [];
    private RecordingFile? _file;
    private MediaTime? _reached;
    private long _lastDecodeTime;
    private bool _awaitsSync;

    /// <summary>All files so far, in their order.</summary>
    public IReadOnlyList<RecordingFile> Files
    {
        get
        {
            lock (_filesLock)
            {
                return [.. _files];
            }
        }
    }

    /// <summary>Records until the track has ended.</summary>
    /// <param name="isWanted">Asked once there is media: false ends it without a file.</param>
    /// <param name="aborting">Ends it early; what was taken is still written.</param>
    public async Task RunAsync(Func<bool> isWanted, CancellationToken aborting)
    {
        try
        {
            while (await main.ReadAsync(aborting) is { } fragment)
            {
                using (fragment)
                {
                    if (_file is null && !isWanted())
                    {
                        return;
                    }

                    await AcceptAsync(fragment);
                }
            }

            if (tape is not null && _reached is { } end)
            {
                await tape.WhenReachedAsync(end).WaitAsync(aborting);
            }
        }
        finally
        {
            main.Dispose();
            await CloseAsync();
        }
    }

    private async Task AcceptAsync(Fragment fragment)
    {
        if (fragment.IsAbsence)
        {
            Reach(fragment.End);
            await WriteAsync();
            return;
        }

        bool isVideo = fragment.Track.Kind == TrackKind.Video;
        bool isSameStream = _file is not null && _file.Track.IsSameStreamAs(fragment.Track);
        _awaitsSync |= isVideo && fragment.IsDiscontinuity;
        foreach (Sample sample in fragment.Samples)
        {
            if (sample.IsSync && (!isSameStream || HasOtherSound()))
            {
                await BeginAsync(fragment.Track, sample);
                isSameStream = true;
            }

            if (!isSameStream)
            {
                continue;
            }

            if (IsFull(sample))
            {
                await WriteAsync();
            }

            bool isLate = sample.DecodeTime <= _lastDecodeTime;
            _awaitsSync |= isVideo && isLate;
            if (isLate || (_awaitsSync && !sample.IsSync))
            {
                continue;
            }

            _awaitsSync = false;
            _pending.Add(new PartSample(sample, fragment.Share()));
            _lastDecodeTime = sample.DecodeTime;
            Reach(new MediaTime(sample.PresentationTime + sample.Duration, fragment.Track.Timescale));
        }
    }

    private void Reach(MediaTime time) => _reached = _reached is { } before && before > time ? before : time;

    /// <summary>True where the pending fragment ends before this sample.</summary>
    private bool IsFull(in Sample sample)
    {
        if (_pending.Count == 0)
        {
            return false;
        }

        double seconds = (double)(sample.DecodeTime - _pending[0].Sample.DecodeTime) / _file!.Track.Timescale;
        return seconds >= (sample.IsSync ? FragmentSecondsMin : FragmentSecondsMax);
    }

    /// <summary>The sound that is next needs another init than the file has.</summary>
    private bool HasOtherSound() => tape?.Next(_cursor, _file!.Start) is { } next && _file!.Audio?.IsSameStreamAs(next) != true;

    private async Task BeginAsync(TrackDescription track, Sample first)
    {
        MediaTime start = new(first.PresentationTime, track.Timescale);
        Reach(start);
        await CloseAsync();
        _file = new RecordingFile(folder, name, track, first, tape?.Expected(_cursor, start));
        _lastDecodeTime = long.MinValue;
        lock (_filesLock)
        {
            _files.Add(_file);
        }
    }

    private async Task CloseAsync()
    {
        await WriteAsync();
        if (_file is { } file)
        {
            await disk.TryAsync(file.Close);
        }
    }

    /// <summary>Writes what is pending, and the sound up to there. Where that fails, it is missing, and picture goes on with its next keyframe.</summary>
    private async Task WriteAsync()
    {
        if (_file is not { } file)
        {
            return;
        }

        PartSample[] samples = [.. _pending];
        PartSample[] audio = tape is not null && file.Audio is { } sound ? tape.Take(_cursor, sound, file.Start, _reached!.Value) : [];
        try
        {
            if ((samples.Length > 0 || audio.Length > 0) && !await disk.TryAsync(() => file.Append(pool, samples, audio, main.Skipped + _cursor.Skipped)))
            {
                _awaitsSync = file.Track.Kind == TrackKind.Video;
            }
        }
        finally
        {
            _pending.Clear();
            Array.ForEach(samples, static sample => sample.Source.Dispose());
            Array.ForEach(audio, static sample => sample.Source.Dispose());
        }
    }
}
