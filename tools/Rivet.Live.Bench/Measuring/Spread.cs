namespace Rivet.Live.Bench.Measuring;

/// <summary>Several measurements of one thing: the middle one and how far they lie apart.</summary>
internal readonly record struct Spread(double Median, double Min, double Max)
{
    /// <param name="values">At least one, in any order.</param>
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0)
        {
            throw new ArgumentException("Nothing was measured; a spread needs at least one value.", nameof(values));
        }

        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }

    /// <summary>Each value against the one measured right beside it, so that a machine that slows down slows both.</summary>
    public static Spread OfRatios(IReadOnlyList<double> values, IReadOnlyList<double> against)
    {
        if (values.Count != against.Count)
        {
            throw new ArgumentException($"{values.Count} values cannot be paired with {against.Count}.", nameof(against));
        }

        return Of(values.Zip(against, static (value, other) => value / other));
    }
}
