namespace Rivet.Live.Core.Media;

/// <summary>Percentiles over the newest values of something measured again and again. Safe for one writer and many readers.</summary>
/// <remarks>
/// Values are kept in order as they come, and what is read of them beside them: thousands of these are read at once, where a sort of each, or only looking the
/// three up in memory that no cache has, would cost more than all the rest.
/// </remarks>
/// <param name="valuesMax">Values that count.</param>
/// <param name="time">Where given, only the values of the minute up to the newest one count.</param>
internal sealed class SlidingPercentiles(int valuesMax = 1024, TimeProvider? time = null)
{
    /// <summary>A minute of pictures, at 60 a second and a little more.</summary>
    private const int MinuteMax = 4096;

    private const int FirstRoom = 32;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _valuesLock = new();

    // Values and when they came are rings from _first on; all three grow together.
    private double[] _values = new double[Math.Min(FirstRoom, valuesMax)];
    private double[] _sorted = new double[Math.Min(FirstRoom, valuesMax)];
    private long[] _addedAt = new long[Math.Min(FirstRoom, valuesMax)];
    private int _count;
    private int _first;
    private long _added;
    private Percentiles _percentiles;

    /// <summary>Over the minute up to the newest value: what has ended keeps its last figures.</summary>
    /// <param name="time">The clock.</param>
    public static SlidingPercentiles OverAMinute(TimeProvider time) => new(MinuteMax, time);

    public void Add(double value)
    {
        long now = time?.GetTimestamp() ?? 0;
        lock (_valuesLock)
        {
            while (_count == valuesMax || (_count > 0 && time?.GetElapsedTime(_addedAt[_first], now) > Minute))
            {
                RemoveOldest();
            }

            if (_count == _values.Length)
            {
                Grow();
            }

            int place = Array.BinarySearch(_sorted, 0, _count, value);
            place = place < 0 ? ~place : place;
            Array.Copy(_sorted, place, _sorted, place + 1, _count - place);
            _sorted[place] = value;
            _values[At(_count)] = value;
            _addedAt[At(_count)] = now;
            _count++;
            _added++;
            _percentiles = new Percentiles(ValueAt(0.5), ValueAt(0.95), ValueAt(0.99));
        }
    }

    /// <summary>The values added since the last call, the oldest first; of more than are kept, the newest.</summary>
    /// <param name="taken">How many were added until the last call; says how many it is now.</param>
    public double[] ReadNew(ref long taken)
    {
        lock (_valuesLock)
        {
            double[] values = new double[(int)Math.Min(_added - taken, _count)];
            for (int index = 0; index < values.Length; index++)
            {
                values[index] = _values[At(_count - values.Length + index)];
            }

            taken = _added;
            return values;
        }
    }

    /// <summary>As they are with the newest value; null while nothing was measured.</summary>
    public Percentiles? Read()
    {
        lock (_valuesLock)
        {
            return _count == 0 ? null : _percentiles;
        }
    }

    private double ValueAt(double fraction) => _sorted[(int)(_count * fraction)];

    private int At(int index) => (_first + index) % _values.Length;

    private void RemoveOldest()
    {
        int oldest = Array.BinarySearch(_sorted, 0, _count, _values[_first]);
        _count--;
        Array.Copy(_sorted, oldest + 1, _sorted, oldest, _count - oldest);
        _first = At(1);
    }

    private void Grow()
    {
        int length = Math.Min(valuesMax, 2 * _values.Length);
        _values = [.. _values[_first..], .. _values[.._first], .. new double[length - _count]];
        _addedAt = [.. _addedAt[_first..], .. _addedAt[.._first], .. new long[length - _count]];
        Array.Resize(ref _sorted, length);
        _first = 0;
    }
}
