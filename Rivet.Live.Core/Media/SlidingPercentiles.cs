namespace Rivet.Live.Core.Media;

/// <summary>Percentiles over the newest values of something measured again and again. Safe for one writer and many readers.</summary>
/// <param name="valuesMax">Values that count.</param>
internal sealed class SlidingPercentiles(int valuesMax = 1024)
{
    private readonly Lock _valuesLock = new();
    private readonly double[] _values = new double[valuesMax];
    private int _count;
    private int _next;
    private long _added;

    public void Add(double value)
    {
        lock (_valuesLock)
        {
            _values[_next] = value;
            _next = (_next + 1) % _values.Length;
            _count = Math.Min(_count + 1, _values.Length);
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
        double[] sorted;
        lock (_valuesLock)
        {
            if (_count == 0)
            {
                return null;
            }

            sorted = _values[.._count];
        }

        Array.Sort(sorted);
        double[] percentiles = new double[fractions.Length];
        for (int index = 0; index < fractions.Length; index++)
        {
            percentiles[index] = sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * fractions[index])];
        }

        return percentiles;
    }
}
