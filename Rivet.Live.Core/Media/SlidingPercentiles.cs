namespace Rivet.Live.Core.Media;

/// <summary>Percentiles over the newest values of something measured again and again. Safe for one writer and many readers.</summary>
/// <remarks>Values are kept in order as they come, since many such are read once a second and a sort of each would cost more than all the rest.</remarks>
/// <param name="valuesMax">Values that count.</param>
internal sealed class SlidingPercentiles(int valuesMax = 1024)
{
    private readonly Lock _valuesLock = new();
    private readonly double[] _values = new double[valuesMax];
    private readonly double[] _sorted = new double[valuesMax];
    private int _count;
    private int _next;
    private long _added;

    public void Add(double value)
    {
        lock (_valuesLock)
        {
            if (_count == _values.Length)
            {
                int oldest = Array.BinarySearch(_sorted, 0, _count, _values[_next]);
                _count--;
                Array.Copy(_sorted, oldest + 1, _sorted, oldest, _count - oldest);
            }

            int place = Array.BinarySearch(_sorted, 0, _count, value);
            place = place < 0 ? ~place : place;
            Array.Copy(_sorted, place, _sorted, place + 1, _count - place);
            _sorted[place] = value;
            _values[_next] = value;
            _next = (_next + 1) % _values.Length;
            _count++;
            _added++;
        }
    }

    /// <summary>The values added since the last call, the oldest first; of more than 1024, the newest.</summary>
    /// <param name="taken">How many were added until the last call; says how many it is now.</param>
    public double[] ReadNew(ref long taken)
    {
        lock (_valuesLock)
        {
            double[] values = new double[(int)Math.Min(_added - taken, _count)];
            for (int index = 0; index < values.Length; index++)
            {
                values[index] = _values[(_next - values.Length + index + _values.Length) % _values.Length];
            }

            taken = _added;
            return values;
        }
    }

    /// <summary>The values at the given fractions (0.5 is the median); null while nothing was measured.</summary>
    public double[]? Read(params ReadOnlySpan<double> fractions)
    {
        lock (_valuesLock)
        {
            if (_count == 0)
            {
                return null;
            }

            double[] percentiles = new double[fractions.Length];
            for (int index = 0; index < fractions.Length; index++)
            {
                percentiles[index] = _sorted[(int)Math.Min(_count - 1, _count * fractions[index])];
            }

            return percentiles;
        }
    }
}
