namespace Rivet.Live.Core.Native;

/// <summary>The weights that turn one line of pixels into a longer or shorter one, in whole numbers: Keys' cubic, as wide as the output's pixels.</summary>
/// <remarks>The weights of each output pixel add up to exactly <c>1 &lt;&lt; Shift</c>, so a flat area keeps its value to the bit.</remarks>
internal sealed class FilterBank
{
    /// <summary>Fraction bits of a weight: with 6, weights fit a signed byte and 255 times the positive ones 16 bits.</summary>
    public const int Shift = 6;

    // Where the cubic's negative lobe dips to; the sharpness that libswscale's bicubic has too.
    private const double Sharpness = -0.6;

    // Output pixels that the cubic reaches to either side.
    private const double Radius = 2;

    private FilterBank(int taps, int[] first, sbyte[] weights)
    {
        Taps = taps;
        First = first;
        Weights = weights;
    }

    /// <summary>Weights for each output pixel.</summary>
    public int Taps { get; }

    /// <summary>For each output pixel the input pixel under its first weight.</summary>
    public int[] First { get; }

    /// <summary><see cref="Taps"/> weights for each output pixel.</summary>
    public sbyte[] Weights { get; }

    /// <param name="source">Pixels in.</param>
    /// <param name="target">Pixels out.</param>
    /// <param name="offset">How much further on in the source each output pixel looks, in source pixels.</param>
    /// <param name="tapsMultiple">The number of weights is rounded up to a multiple of this.</param>
    /// <returns>Null where the line is too short for the weights.</returns>
    public static FilterBank? TryCreate(int source, int target, double offset, int tapsMultiple)
    {
        int[] first = new int[target];
        int[][] weights = new int[target][];
        for (int i = 0; i < target; i++)
        {
            (int start, double[] exact) = Exact(source, target, offset, i);
            (first[i], weights[i]) = Trim(start, Round(exact));
        }

        int longest = weights.Max(static weights => weights.Length);
        int taps = (longest + tapsMultiple - 1) / tapsMultiple * tapsMultiple;
        return taps > source ? null : new FilterBank(taps, first, Lay(first, weights, taps, source));
    }

    // The cubic's weights around one output pixel; what lies outside the line counts for its end pixel.
    private static (int First, double[] Weights) Exact(int source, int target, double offset, int index)
    {
        double ratio = (double)source / target;
        double stretch = Math.Max(ratio, 1);
        double center = ((index + 0.5) * ratio) - 0.5 + offset;
        double reach = stretch * Radius;
        int from = (int)Math.Floor(center - reach);
        int to = (int)Math.Ceiling(center + reach);
        int first = Math.Clamp(from, 0, source - 1);
        double[] weights = new double[Math.Clamp(to, 0, source - 1) - first + 1];
        for (int x = from; x <= to; x++)
        {
            weights[Math.Clamp(x, 0, source - 1) - first] += Cubic(Math.Abs(x - center) / stretch);
        }

        double sum = weights.Sum();
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] /= sum;
        }

        return (first, weights);
    }

    private static double Cubic(double x) => x switch
    {
        < 1 => ((((Sharpness + 2) * x) - (Sharpness + 3)) * x * x) + 1,
        < Radius => Sharpness * (((((x - 5) * x) + 8) * x) - 4),
        _ => 0,
    };

    // To whole numbers with the sum kept: those that lost most to rounding down get the rest.
    private static int[] Round(double[] exact)
    {
        const int Sum = 1 << Shift;
        int[] rounded = [.. exact.Select(weight => (int)Math.Floor(weight * Sum))];
        int missing = Sum - rounded.Sum();
        foreach (int index in Enumerable.Range(0, exact.Length).OrderByDescending(index => (exact[index] * Sum) - rounded[index]).Take(missing))
        {
            rounded[index]++;
        }

        return rounded;
    }

    private static (int First, int[] Weights) Trim(int first, int[] weights)
    {
        int from = Array.FindIndex(weights, static weight => weight != 0);
        int to = Array.FindLastIndex(weights, static weight => weight != 0);
        return (first + from, weights[from..(to + 1)]);
    }

    // All the same length, none reaching past the end of the line.
    private static sbyte[] Lay(int[] first, int[][] rounded, int taps, int source)
    {
        sbyte[] weights = new sbyte[first.Length * taps];
        for (int i = 0; i < first.Length; i++)
        {
            int back = Math.Max(0, first[i] + taps - source);
            first[i] -= back;
            for (int tap = 0; tap < rounded[i].Length; tap++)
            {
                weights[(i * taps) + back + tap] = checked((sbyte)rounded[i][tap]);
            }
        }

        return weights;
    }
}
