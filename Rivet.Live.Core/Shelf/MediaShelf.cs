using Rivet.Live.Core.Packaging;

namespace Rivet.Live.Core.Shelf;

/// <summary>One track's media: gives out the bytes of inits, parts and segments, and drops them when their time is over.</summary>
/// <remarks>
/// Its clock is seconds of media since the track began, so that what has to stay for a time stays through stalls and behind the end. A part
/// can be fetched for five target durations after its tag left the playlist (RFC 8216bis 6.2.2), a segment for its own duration and that
/// of the longest playlist that listed it, an init for as long as a segment that needs it. With a folder to spill to, a segment
/// goes to disk when its parts' time is over. A disk that fails costs the oldest segments and nothing else: <see cref="KeepsFrom"/>.
/// </remarks>
/// <param name="track">The track's name, for files.</param>
/// <param name="partSeconds">How long a part can be fetched from the end of its segment on.</param>
/// <param name="spill">Where segments go that are no longer hot; null keeps all in memory.</param>
internal sealed class MediaShelf(string track, double partSeconds, SpillFolder? spill) : IDisposable
{
    /// <summary>Media that may wait for the disk in memory.</summary>
    public const double WaitingSecondsMax = 30;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, Part> _parts = [];
    private readonly Dictionary<long, ShelvedSegment> _segments = [];
    private readonly Dictionary<long, ReadOnlyMemory<byte>> _inits = [];

    // Oldest first: every segment there is, those whose parts can still be fetched, and those that should be on disk.
    private readonly Queue<ShelvedSegment> _all = new();
    private readonly Queue<ShelvedSegment> _hot = new();
    private readonly List<ShelvedSegment> _waiting = [];
    private readonly List<Part> _growing = [];
    private int _oldestInit;
    private int _newestInit;
    private double _clock;
    private double _longestPlaylist;
    private long _keepsFrom;
    private long _diskBytes;
    private long _memoryBytes;
    private bool _diskFails;
    private bool _isDisposed;

    /// <summary>The first segment that can be kept: what lies before must not be listed any longer, since the disk does not take it.</summary>
    public long KeepsFrom => Interlocked.Read(ref _keepsFrom);

    public long BytesInMemory => Interlocked.Read(ref _memoryBytes);

    public long BytesOnDisk => Interlocked.Read(ref _diskBytes);

    public MediaBytes? OpenPart(long number)
    {
        lock (_lock)
        {
            return _parts.TryGetValue(number, out Part? part) ? new MemoryBytes(part.Payload.Share()) : null;
        }
    }

    public MediaBytes? OpenInit(long number)
    {
        lock (_lock)
        {
            return _inits.TryGetValue(number, out ReadOnlyMemory<byte> init) ? new MemoryBytes(init) : null;
        }
    }

    /// <summary>A complete segment.</summary>
    public async ValueTask<MediaBytes?> OpenSegmentAsync(long mediaSequence, CancellationToken aborted)
    {
        ShelvedSegment? segment;
        string file;
        lock (_lock)
        {
            if (!_segments.TryGetValue(mediaSequence, out segment))
            {
                return null;
            }

            if (segment.File is null)
            {
                return segment.Open();
            }

            file = segment.File;
        }

        MediaBytes? media = await spill!.OpenAsync(file, aborted);
        lock (_lock)
        {
            if (media is null && !segment.IsGone)
            {
                // The disk lost it.
                _keepsFrom = Math.Max(_keepsFrom, mediaSequence + 1);
            }
        }

        return media;
    }

    public void AddInit(int number, ReadOnlyMemory<byte> init)
    {
        lock (_lock)
        {
            _inits[number] = init;
            _newestInit = number;
        }
    }

    /// <summary>A part of the segment that grows.</summary>
    public void Add(Part part)
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                part.Dispose();
                return;
            }

            _parts.Add(part.Number, part);
            _growing.Add(part);
            _clock += part.DurationSeconds;
            _memoryBytes += part.Bytes;
        }
    }

    /// <summary>The parts added since the last segment are all of this one.</summary>
    /// <param name="head">Its number and init.</param>
    /// <param name="seconds">Its duration, also where there are no parts because it is a gap.</param>
    public void Complete(SegmentHead head, double seconds)
    {
        lock (_lock)
        {
            ShelvedSegment segment = new(head, [.. _growing], seconds, _clock + partSeconds);
            _growing.Clear();
            _segments[head.MediaSequence] = segment;
            _all.Enqueue(segment);
            _hot.Enqueue(segment);
        }
    }

    /// <summary>Media time passes without media.</summary>
    public void Pass(double seconds)
    {
        lock (_lock)
        {
            _clock += seconds;
        }
    }

    /// <summary>A segment is no longer listed, and stays for a while.</summary>
    /// <param name="mediaSequence">Its number.</param>
    /// <param name="playlistSeconds">Duration of the playlist that listed it last.</param>
    public void Delisted(long mediaSequence, double playlistSeconds)
    {
        lock (_lock)
        {
            _longestPlaylist = Math.Max(_longestPlaylist, playlistSeconds);
            if (_segments.TryGetValue(mediaSequence, out ShelvedSegment? segment))
            {
                segment.Until = _clock + segment.Seconds + _longestPlaylist;
            }
        }
    }

    /// <summary>Drops what nobody may ask for any more, and spills what is no longer hot. Called when the playlist that no longer lists it is out.</summary>
    public void Tidy()
    {
        lock (_lock)
        {
            while (_hot.TryPeek(out ShelvedSegment? oldest) && oldest.PartsUntil <= _clock)
            {
                Cool(_hot.Dequeue());
            }

            while (_all.TryPeek(out ShelvedSegment? oldest) && IsOver(oldest))
            {
                Drop(_all.Dequeue());
            }

            Spill();
            int needed = _all.TryPeek(out ShelvedSegment? first) ? first.InitNumber : _oldestInit;
            while (_oldestInit < Math.Min(needed, _newestInit))
            {
                _inits.Remove(_oldestInit++);
            }
        }
    }

    /// <summary>Gives all media back. The files go with their folder.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _growing.ForEach(static part => part.Dispose());
            foreach (ShelvedSegment segment in _all)
            {
                segment.Dispose();
            }

            _growing.Clear();
            _all.Clear();
            _hot.Clear();
            _waiting.Clear();
            _segments.Clear();
            _parts.Clear();
            _inits.Clear();
            (_memoryBytes, _diskBytes) = (0, 0);
        }
    }

    private bool IsOver(ShelvedSegment segment) => segment.Until is { } until
        && segment.PartsUntil <= _clock
        && (until <= _clock || segment.MediaSequence < _keepsFrom);

    private void Cool(ShelvedSegment segment)
    {
        foreach (long number in segment.PartNumbers)
        {
            _parts.Remove(number);
        }

        if (spill is not null && segment.Bytes > 0)
        {
            _waiting.Add(segment);
        }
    }

    private void Drop(ShelvedSegment segment)
    {
        _segments.Remove(segment.MediaSequence);
        _waiting.Remove(segment);
        if (segment.File is { } file)
        {
            _diskBytes -= segment.Bytes;
            spill!.Delete(file);
        }
        else
        {
            _memoryBytes -= segment.Bytes;
        }

        segment.Dispose();
    }

    private void Spill()
    {
        // One try at a time while the disk fails; each is cheap, and made after the files that were dropped for it are removed.
        int tries = !_diskFails ? _waiting.Count : _waiting.Exists(static segment => segment.IsQueued) ? 0 : 1;
        foreach (ShelvedSegment segment in _waiting.Where(static segment => !segment.IsQueued).Take(tries))
        {
            segment.IsQueued = true;
            spill!.Spill($"{track}-{segment.MediaSequence}.m4s", () => OpenUnlessGone(segment), file => Spilled(segment, file));
        }

        double seconds = _waiting.Sum(static segment => segment.Seconds);
        for (int index = 0; seconds > WaitingSecondsMax; index++)
        {
            spill!.FallsBehind();
            _keepsFrom = Math.Max(_keepsFrom, _waiting[index].MediaSequence + 1);
            seconds -= _waiting[index].Seconds;
        }
    }

    private MemoryBytes? OpenUnlessGone(ShelvedSegment segment)
    {
        lock (_lock)
        {
            return segment.IsGone ? null : segment.Open();
        }
    }

    /// <summary>Called by the disk's writer.</summary>
    private void Spilled(ShelvedSegment segment, string? file)
    {
        lock (_lock)
        {
            segment.IsQueued = false;
            _diskFails = file is null;
            if (file is null)
            {
                // A full disk has room again when the oldest segment has gone.
                long oldest = _all.FirstOrDefault(static segment => segment.File is not null)?.MediaSequence ?? -1;
                _keepsFrom = Math.Max(_keepsFrom, oldest + 1);
            }
            else if (segment.IsGone)
            {
                spill!.Delete(file);
            }
            else
            {
                segment.MoveTo(file);
                _waiting.Remove(segment);
                _memoryBytes -= segment.Bytes;
                _diskBytes += segment.Bytes;
            }
        }
    }
}
