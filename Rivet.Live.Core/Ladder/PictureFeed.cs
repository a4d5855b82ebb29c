using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Ladder;

/// <summary>A video track's pictures, decoded once for all renditions, each picture when its first reader asks for it.</summary>
/// <remarks>
/// There is no decoder thread: whoever is ahead decodes. A bounded window keeps the pictures between the fastest and the slowest reader.
/// When it is full the fastest waits for the slowest, as long as the broadcast is not late; when it is, or when the slowest does not move
/// at all, the slowest is put out and has to read what it missed elsewhere.
/// </remarks>
internal sealed class PictureFeed : IDisposable
{
    private readonly SourceDecoder _decoder;
    private readonly FeedLimits _limits;
    private readonly TimeProvider _time;
    private readonly MediaTime? _beginning;
    private readonly Action _closed;
    private readonly ThumbnailMaker? _thumbnails;

    // Guards the decoder. Taken before _windowLock, never after.
    private readonly Lock _decodeLock = new();

    // Guards everything below; a monitor, since readers wait on it for room.
    private readonly object _windowLock = new();
    private readonly List<LadderPicture> _window = [];
    private readonly List<FeedReader> _readers = [];
    private long _windowStart;
    private MediaTime? _lastDecoded;
    private bool _isCompleting;
    private bool _completed;

    /// <param name="decoder">Compressed fragments in, pictures out; taken over.</param>
    /// <param name="limits">How much may wait, and for how long.</param>
    /// <param name="time">The clock that fragments were stamped with.</param>
    /// <param name="beginning">Time of the first sample that it was or will be given; null for the track's first.</param>
    /// <param name="closed">Called once, when the last reader has left.</param>
    /// <param name="thumbnails">Is offered every picture; null where none are wanted.</param>
    public PictureFeed(SourceDecoder decoder, FeedLimits limits, TimeProvider time, MediaTime? beginning, Action closed, ThumbnailMaker? thumbnails = null)
    {
        _decoder = decoder;
        _limits = limits;
        _time = time;
        _beginning = beginning;
        _closed = closed;
        _thumbnails = thumbnails;
    }

    /// <summary>A place for one rendition, beginning with the next picture that is decoded and not before a time.</summary>
    public FeedReader Join(string rendition, MediaTime? from = null)
    {
        lock (_windowLock)
        {
            var reader = new FeedReader(this, rendition) { Cursor = _windowStart + _window.Count, Rung = _decoder.RungOf(rendition), From = from };
            _readers.Add(reader);
            return reader;
        }
    }

    /// <summary>As <see cref="Join"/>, where this feed has all pictures from that time on still before it, and not much else; null otherwise.</summary>
    /// <param name="rendition">Whose place.</param>
    /// <param name="from">Null for the track's first picture.</param>
    /// <param name="withinSeconds">How far before that time it may be.</param>
    public FeedReader? TryJoin(string rendition, MediaTime? from, double withinSeconds)
    {
        lock (_windowLock)
        {
            bool isBefore = (_lastDecoded, from) switch
            {
                (null, null) => _beginning is null,
                (null, { } time) => (_beginning is not { } beginning || beginning <= time) && time.Seconds - (_beginning?.Seconds ?? 0) <= withinSeconds,
                ({ } last, { } time) => last < time && time.Seconds - last.Seconds <= withinSeconds,
                _ => false,
            };
            return isBefore && _readers.Count > 0 ? Join(rendition, from) : null;
        }
    }

    /// <summary>Brings a fragment. Every reader's drain does; the first one counts.</summary>
    public void Offer(Fragment fragment)
    {
        lock (_decodeLock)
        {
            if (!_decoder.TryQueue(fragment))
            {
                return;
            }

            lock (_windowLock)
            {
                _readers.ForEach(reader => reader.Rung = _decoder.RungOf(reader.Rendition));
            }
        }
    }

    /// <summary>No more fragments: once all are decoded, the pictures still inside the decoder come out.</summary>
    public void Complete()
    {
        lock (_decodeLock)
        {
            _isCompleting = true;
        }
    }

    /// <summary>The next picture for a reader; null when there is nothing left to decode for now.</summary>
    public LadderPicture? Next(FeedReader reader)
    {
        while (true)
        {
            lock (_windowLock)
            {
                if (reader.IsOut || reader.Rung < 0)
                {
                    return null;
                }

                if (TakeNext(reader) is { } picture)
                {
                    return picture;
                }

                if (_completed)
                {
                    return null;
                }

                if (WaitForRoom(reader))
                {
                    continue;
                }
            }

            lock (_decodeLock)
            {
                if (IsAhead(reader))
                {
                    continue;
                }

                if (_decoder.TryDecodeNext(out IReadOnlyList<LadderPicture> pictures))
                {
                    Append(pictures);
                    continue;
                }

                if (!_isCompleting)
                {
                    return null;
                }

                Append(_decoder.Drain());
                lock (_windowLock)
                {
                    _completed = true;
                }
            }
        }
    }

    public void Leave(FeedReader reader)
    {
        bool last;
        lock (_windowLock)
        {
            if (!_readers.Remove(reader))
            {
                return;
            }

            PassAll(reader);
            Trim();
            last = _readers.Count == 0;
        }

        if (last)
        {
            _closed();
            Dispose();
        }
    }

    public void Dispose()
    {
        lock (_decodeLock)
        {
            _decoder.Dispose();
            lock (_windowLock)
            {
                _completed = true;
                _window.ForEach(static picture => picture.Dispose());
                _window.Clear();
                Monitor.PulseAll(_windowLock);
            }
        }
    }

    private LadderPicture? TakeNext(FeedReader reader)
    {
        while (reader.Cursor < _windowStart + _window.Count)
        {
            LadderPicture picture = _window[(int)(reader.Cursor - _windowStart)];
            reader.Cursor++;
            if (picture.Time < reader.From)
            {
                picture.Pass(reader.Rung);
                Trim();
                continue;
            }

            reader.From = null;
            reader.IsBehindDiscontinuity = picture.IsDiscontinuity;
            Trim();
            return picture;
        }

        return null;
    }

    private bool IsAhead(FeedReader reader)
    {
        lock (_windowLock)
        {
            return reader.Cursor < _windowStart + _window.Count;
        }
    }

    /// <summary>True after a wait, when everything must be looked at again; false when there is room to decode.</summary>
    private bool WaitForRoom(FeedReader reader)
    {
        if (_window.Count < _limits.WindowPictures)
        {
            return false;
        }

        long waitedFor = _windowStart;
        if (IsLate(_window[^1]) || !Monitor.Wait(_windowLock, _limits.StuckAfter))
        {
            if (_windowStart == waitedFor && _window.Count >= _limits.WindowPictures)
            {
                PutOutSlowest(reader);
            }
        }

        return true;
    }

    private bool IsLate(LadderPicture picture) => picture.BehindSeconds(_time) > _limits.LateAfter.TotalSeconds;

    private void PutOutSlowest(FeedReader fastest)
    {
        foreach (FeedReader reader in _readers.Where(reader => reader != fastest && reader.Rung >= 0 && reader.Cursor == _windowStart).ToArray())
        {
            reader.IsOut = true;
            _readers.Remove(reader);
            PassAll(reader);
        }

        Trim();
    }

    private void PassAll(FeedReader reader)
    {
        for (; reader.Cursor < _windowStart + _window.Count; reader.Cursor++)
        {
            if (reader.Rung >= 0)
            {
                _window[(int)(reader.Cursor - _windowStart)].Pass(reader.Rung);
            }
        }
    }

    private void Append(IReadOnlyList<LadderPicture> pictures)
    {
        lock (_windowLock)
        {
            long now = _time.GetTimestamp();
            foreach (LadderPicture picture in pictures)
            {
                picture.DecodedAt = now;
                picture.Show(_thumbnails);
                _window.Add(picture);
                _lastDecoded = picture.Time;
                PassWhereNobodyReads(picture);
            }

            Trim();
            Monitor.PulseAll(_windowLock);
        }
    }

    private void PassWhereNobodyReads(LadderPicture picture)
    {
        for (int rung = 0; rung < _decoder.Rungs.Count; rung++)
        {
            if (!_readers.Exists(reader => reader.Rung == rung))
            {
                picture.Pass(rung);
            }
        }
    }

    private void Trim()
    {
        long slowest = _readers.Where(static reader => reader.Rung >= 0).Select(static reader => reader.Cursor)
            .DefaultIfEmpty(_windowStart + _window.Count).Min();
        int passed = (int)Math.Clamp(slowest - _windowStart, 0, _window.Count);
        if (passed > 0)
        {
            _window.RemoveRange(0, passed);
            _windowStart += passed;
            Monitor.PulseAll(_windowLock);
        }
    }
}
