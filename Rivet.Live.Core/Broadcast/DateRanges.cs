namespace Rivet.Live.Core.Broadcast;

/// <summary>The date ranges of a broadcast, the same in all its playlists. Bounded: where as many as may be are listed, another one is not taken.</summary>
public sealed class DateRanges
{
    /// <summary>A message a second in a window of a minute, and as many again. Every one of them is sent with every playlist.</summary>
    public const int Max = 128;

    private readonly Lock _rangesLock = new();
    private readonly List<DateRange> _ranges = [];
    private DateTimeOffset _listedFrom;

    /// <summary>Adds a range, or puts it in the place of the one with the same ID. False where there is no room.</summary>
    public bool TryPut(DateRange range)
    {
        lock (_rangesLock)
        {
            int at = _ranges.FindIndex(known => known.Id == range.Id);
            if (at >= 0)
            {
                _ranges[at] = range;
                return true;
            }

            if (_ranges.Count == Max)
            {
                _ranges.RemoveAll(known => known.End < _listedFrom);
            }

            if (_ranges.Count == Max)
            {
                return false;
            }

            _ranges.Add(range);
            return true;
        }
    }

    public void Remove(string id)
    {
        lock (_rangesLock)
        {
            _ranges.RemoveAll(known => known.Id == id);
        }
    }

    /// <summary>Those that a playlist has whose first segment begins then: all that end no earlier (RFC 8216bis 6.2.1).</summary>
    public IReadOnlyList<DateRange> ListedFrom(DateTimeOffset from)
    {
        lock (_rangesLock)
        {
            _listedFrom = from > _listedFrom ? from : _listedFrom;
            return _ranges.Count == 0 ? [] : [.. _ranges.Where(range => range.End >= from)];
        }
    }
}
