using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rivet.Live.Core.Native;

/// <summary>The inner loops of scaling, for AVX2: rows into one row, and one row into a shorter one.</summary>
/// <remarks>Compiled in full at once: quickly compiled vector code is so slow that it costs the first pictures of a process hundreds of milliseconds.</remarks>
internal static unsafe class RowFilter
{
    /// <summary>Bytes that one step of <see cref="Down"/> reads and writes.</summary>
    public const int DownStep = 32;

    /// <summary>Output pixels of one step of <see cref="Across"/>.</summary>
    public const int AcrossStep = 16;

    /// <summary>Output pixels that share one 16-byte load in <see cref="Across"/>.</summary>
    public const int Lane = 4;

    /// <summary>Weights of one output pixel that one load serves.</summary>
    public const int Group = 4;

    // VPMULHRSW by this is division by the sum of the weights, rounded to nearest.
    private const short Rounding = 1 << (15 - FilterBank.Shift);

    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>Weighs an even number of rows into one.</summary>
    /// <param name="rows">Twice <paramref name="pairs"/> rows of at least <paramref name="width"/> bytes.</param>
    /// <param name="weights">One weight per row, two side by side as VPMADDUBSW takes them.</param>
    /// <param name="pairs">Half the number of rows.</param>
    /// <param name="output">The row to write, <paramref name="width"/> bytes.</param>
    /// <param name="width">At least <see cref="DownStep"/>; nothing beyond it is touched.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Down(byte** rows, short* weights, int pairs, byte* output, int width)
    {
        int last = width - DownStep;
        for (int x = 0; ; x = Math.Min(x + DownStep, last))
        {
            Vector256<short> low = Vector256<short>.Zero;
            Vector256<short> high = Vector256<short>.Zero;
            for (int pair = 0; pair < pairs; pair++)
            {
                Weigh(rows + (pair * 2), x, Vector256.Create(weights[pair]), ref low, ref high);
            }

            Finish(low, high, output + x);
            if (x == last)
            {
                return;
            }
        }
    }

    /// <summary><see cref="Down"/> for exactly three pairs: a cubic kernel at the usual ratios, with its rows and weights in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Down3(byte** rows, short* weights, byte* output, int width)
    {
        byte* row0 = rows[0];
        byte* row1 = rows[1];
        byte* row2 = rows[2];
        byte* row3 = rows[3];
        byte* row4 = rows[4];
        byte* row5 = rows[5];
        Vector256<sbyte> first = Vector256.Create(weights[0]).AsSByte();
        Vector256<sbyte> second = Vector256.Create(weights[1]).AsSByte();
        Vector256<sbyte> third = Vector256.Create(weights[2]).AsSByte();
        int last = width - DownStep;
        for (int x = 0; ; x = Math.Min(x + DownStep, last))
        {
            Vector256<byte> a = Vector256.Load(row0 + x);
            Vector256<byte> b = Vector256.Load(row1 + x);
            Vector256<byte> c = Vector256.Load(row2 + x);
            Vector256<byte> d = Vector256.Load(row3 + x);
            Vector256<byte> e = Vector256.Load(row4 + x);
            Vector256<byte> f = Vector256.Load(row5 + x);
            Vector256<short> low = Avx2.Add(
                Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(a, b), first), Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(c, d), second));
            Vector256<short> high = Avx2.Add(
                Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(a, b), first), Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(c, d), second));
            low = Avx2.Add(low, Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(e, f), third));
            high = Avx2.Add(high, Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(e, f), third));
            Finish(low, high, output + x);
            if (x == last)
            {
                return;
            }
        }
    }

    /// <summary>Weighs neighbouring pixels of a row into a row of another width.</summary>
    /// <param name="row">The row, readable 16 bytes beyond the last weighted pixel.</param>
    /// <param name="offsets">For each lane of four output pixels where its first load begins.</param>
    /// <param name="shuffles">For each lane 16 bytes: which loaded byte goes under which weight.</param>
    /// <param name="weights">For each pair of lanes and each group of four weights 32 bytes.</param>
    /// <param name="groups">Groups of four weights per output pixel.</param>
    /// <param name="output">The row to write.</param>
    /// <param name="steps">Output pixels divided by <see cref="AcrossStep"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Across(byte* row, int* offsets, byte* shuffles, sbyte* weights, int groups, byte* output, int steps)
    {
        Vector256<short> factor = Vector256.Create(Rounding);
        for (int step = 0; step < steps; step++)
        {
            Vector256<int> left = AcrossEight(row, offsets, shuffles, weights, groups);
            weights += groups * 32;
            Vector256<int> right = AcrossEight(row, offsets + 2, shuffles + 32, weights, groups);
            weights += groups * 32;
            offsets += 4;
            shuffles += 64;

            // Packing works within 128-bit halves: bring the pixels back into order at the end.
            Vector256<short> sums = Avx2.MultiplyHighRoundScale(Avx2.PackSignedSaturate(left, right), factor);
            Vector256<int> bytes = Avx2.PackUnsignedSaturate(sums, sums).AsInt32();
            Sse2.UnpackLow(bytes.GetLower(), bytes.GetUpper()).AsByte().Store(output);
            output += AcrossStep;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> AcrossEight(byte* row, int* offsets, byte* shuffles, sbyte* weights, int groups)
    {
        Vector256<byte> shuffle = Vector256.Load(shuffles);
        byte* left = row + offsets[0];
        byte* right = row + offsets[1];
        Vector256<short> sums = Vector256<short>.Zero;
        for (int group = 0; group < groups; group++)
        {
            Vector256<byte> pixels = Vector256.Create(Vector128.Load(left), Vector128.Load(right));
            sums = Avx2.Add(sums, Avx2.MultiplyAddAdjacent(Avx2.Shuffle(pixels, shuffle), Vector256.Load(weights)));
            left += Group;
            right += Group;
            weights += 32;
        }

        return Avx2.MultiplyAddAdjacent(sums, Vector256<short>.One);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Weigh(byte** rows, int x, Vector256<short> weights, ref Vector256<short> low, ref Vector256<short> high)
    {
        Vector256<byte> upper = Vector256.Load(rows[0] + x);
        Vector256<byte> lower = Vector256.Load(rows[1] + x);
        low = Avx2.Add(low, Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(upper, lower), weights.AsSByte()));
        high = Avx2.Add(high, Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(upper, lower), weights.AsSByte()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(Vector256<short> low, Vector256<short> high, byte* output)
    {
        Vector256<short> factor = Vector256.Create(Rounding);
        Avx2.PackUnsignedSaturate(Avx2.MultiplyHighRoundScale(low, factor), Avx2.MultiplyHighRoundScale(high, factor)).Store(output);
    }
}
