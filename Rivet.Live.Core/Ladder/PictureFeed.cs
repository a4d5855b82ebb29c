using Rivet.Live.Core.Broadcast;

namespace Rivet.Live.Core.Ladder;

/// <summary>A video track's pictures, decoded once for all renditions, each picture when its first reader asks for it.</summary>
/// <remarks>
/// There is no decoder thread: whoever is ahead decodes. A bounded window keeps the pictures between the fastest and the slowest reader.
/// When it is full the fastest waits for the slowest, as long as the broadcast is not late; when it is, or when the slowest does not move
/// at all, the slowest loses its pictures up to the next chunk.
/// </remarks>
internal sealed class PictureFeed : IDisposable
{
    private readonly SourceDecoder _decoder;
    private readonly FeedLimits _limits;
    private readonly TimeProvider _time;
    private readonly Action _closed;

    // Guards the decoder. Taken before _windowLock, never after.
    private readonly Lock _decodeLock = new();

    // Guards everything below; a monitor, since readers wait on it for room.
    private readonly object _windowLock = new();
    private readonly List<LadderPicture> _window = [];
    private readonly List<FeedReader> _readers = [];
    private long _windowStart;
    private bool _completed;

    /// <param name="decoder">Compressed fragments in, pictures out; taken over.</param>
    /// <param name="limits">How much may wait, and for how long.</param>
    /// <param name="time">The clock that fragments were stamped with.</param>
    /// <param name="closed">Called once, when the last reader has left.</param>
    public PictureFeed(SourceDecoder decoder, FeedLimits limits, TimeProvider time, Action closed)
    {
        _decoder = decoder;
        _limits = limits;
        _time = time;
        _closed = closed;
    }

    /// <summary>A place for one rendition, beginning with the next picture that is decoded.</summary>
    public FeedReader Join(string rendition)
    {
        lock (_windowLock)
        {
            var reader = new FeedReader(this, rendition) { Cursor = _windowStart + _window.Count, Rung = _decoder.RungOf(rendition) };
            _readers.Add(reader);
            return reader;
        }
    }

    /// <summary>The rung of a rendition for the source at hand; null before the first fragment or where the source is too small for it.</summary>
    public Rung? RungOf(FeedReader reader)
    {
        lock (_windowLock)
        {
            return reader.Rung < 0 ? null : _decoder.Rungs[reader.Rung];
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

    /// <summary>No more fragments: the pictures still inside the decoder come out. Every reader's drain says so; the first one counts.</summary>
    public void Complete()
    {
        lock (_decodeLock)
        {
            Append(_decoder.Drain());
            lock (_windowLock)
            {
                _completed = true;
            }
        }
    }

    /// <summary>The next picture for a reader; null when there is nothing left to decode for now.</summary>
    public LadderPicture? Next(FeedReader reader)
    {
        while (true)
        {
            lock (_windowLock)
            {
                if (TakeNext(reader) is { } picture)
                {
                    return picture;
                }

                if (_completed || reader.Rung < 0)
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

                if (!_decoder.TryDecodeNext(out IReadOnlyList<LadderPicture> pictures))
                {
                    return null;
                }

                Append(pictures);
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
        while (reader.Rung >= 0 && reader.Cursor < _windowStart + _window.Count)
        {
            LadderPicture picture = _window[(int)(reader.Cursor - _windowStart)];
            reader.Cursor++;
            reader.AwaitsChunk &= !picture.StartsChunk;
            if (reader.AwaitsChunk)
            {
                picture.Pass(reader.Rung);
                reader.LostDiscontinuity |= picture.IsDiscontinuity;
                reader.Dropped++;
                Trim();
                continue;
            }

            reader.IsBehindDiscontinuity = picture.IsDiscontinuity || reader.LostDiscontinuity;
            reader.LostDiscontinuity = false;
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
                DropSlowest(reader);
            }
        }

        return true;
    }

    /// <summary>A fragment's pictures come at once but are due one after the other.</summary>
    private bool IsLate(LadderPicture picture)
    {
        double dueSeconds = (double)picture.Timing.TicksIntoFragment / picture.Source.Timescale;
        return _time.GetElapsedTime(picture.Timing.ReceivedAt).TotalSeconds - dueSeconds > _limits.LateAfter.TotalSeconds;
    }

    private void DropSlowest(FeedReader fastest)
    {
        foreach (FeedReader reader in _readers.Where(reader => reader != fastest && reader.Rung >= 0 && reader.Cursor == _windowStart))
        {
            reader.Dropped += _windowStart + _window.Count - reader.Cursor;
            PassAll(reader);
            reader.AwaitsChunk = true;
        }

        Trim();
    }

    private void PassAll(FeedReader reader)
    {
        for (; reader.Cursor < _windowStart + _window.Count; reader.Cursor++)
        {
            if (reader.Rung >= 0)
            {
                LadderPicture picture = _window[(int)(reader.Cursor - _windowStart)];
                reader.LostDiscontinuity |= picture.IsDiscontinuity;
                picture.Pass(reader.Rung);
            }
        }
    }

    private void Append(IReadOnlyList<LadderPicture> pictures)
    {
        lock (_windowLock)
        {
            foreach (LadderPicture picture in pictures)
            {
                _window.Add(picture);
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
