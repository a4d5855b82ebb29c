using System.Runtime.CompilerServices;

namespace Rivet.Live.Core.Native;

/// <summary>Scales one plane of 8-bit pixels: down the columns first, then across the row just made, while it is still in the cache.</summary>
internal sealed unsafe class PlaneScaler
{
    // Across reads whole 16-byte loads past the last weighted pixel.
    private const int RowPadding = 64;

    private readonly FilterBank _down;
    private readonly FilterBank _across;
    private readonly int _sourceWidth;
    private readonly int _steps;
    private readonly short[] _downWeights;
    private readonly int[] _offsets;
    private readonly byte[] _shuffles;
    private readonly sbyte[] _acrossWeights;
    private readonly byte[] _row;

    private PlaneScaler(FilterBank down, FilterBank across, int sourceWidth)
    {
        _down = down;
        _across = across;
        _sourceWidth = sourceWidth;
        _steps = (across.First.Length + RowFilter.AcrossStep - 1) / RowFilter.AcrossStep;
        int lanes = _steps * (RowFilter.AcrossStep / RowFilter.Lane);
        _offsets = new int[lanes];
        _shuffles = new byte[lanes * 16];
        _acrossWeights = new sbyte[lanes * 4 * across.Taps];
        _row = new byte[sourceWidth + RowPadding];
        _downWeights = new short[down.Weights.Length / 2];
        for (int i = 0; i < _downWeights.Length; i++)
        {
            _downWeights[i] = (short)((byte)down.Weights[i * 2] | (down.Weights[(i * 2) + 1] << 8));
        }

        LayLanes();
    }

    /// <summary>Bytes of an output row that are written: the width rounded up to whole steps.</summary>
    public int OutputRowBytes => _steps * RowFilter.AcrossStep;

    /// <param name="source">Size of the plane that comes in.</param>
    /// <param name="target">Size of the plane that goes out.</param>
    /// <param name="offset">How much further right and down each output pixel looks, in source pixels.</param>
    /// <returns>Null where this machine or these sizes are beyond it.</returns>
    public static PlaneScaler? TryCreate((int Width, int Height) source, (int Width, int Height) target, (double X, double Y) offset)
    {
        if (!RowFilter.IsSupported || source.Width < RowFilter.DownStep)
        {
            return null;
        }

        FilterBank? down = FilterBank.TryCreate(source.Height, target.Height, offset.Y, tapsMultiple: 2);
        FilterBank? across = FilterBank.TryCreate(source.Width, target.Width, offset.X, RowFilter.Group);
        return down is null || across is null || !LanesFit(across) ? null : new PlaneScaler(down, across, source.Width);
    }

    /// <summary>Scales a plane of the source frame into the same plane of the target frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Scale(AVFrameHandle source, AVFrameHandle target, int plane)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(target.Stride(plane), OutputRowBytes, nameof(target));
        byte* from = source.PlanePointer(plane);
        byte* to = target.PlanePointer(plane);
        int fromStride = source.Stride(plane);
        int toStride = target.Stride(plane);
        int pairs = _down.Taps / 2;
        int groups = _across.Taps / RowFilter.Group;
        byte** rows = stackalloc byte*[_down.Taps];
        fixed (byte* row = _row)
        fixed (byte* shuffles = _shuffles)
        fixed (int* offsets = _offsets)
        fixed (short* downWeights = _downWeights)
        fixed (sbyte* acrossWeights = _acrossWeights)
        {
            for (int y = 0; y < _down.First.Length; y++)
            {
                for (int tap = 0; tap < _down.Taps; tap++)
                {
                    rows[tap] = from + ((nint)(_down.First[y] + tap) * fromStride);
                }

                if (pairs == 3)
                {
                    RowFilter.Down3(rows, downWeights + (y * 3), row, _sourceWidth);
                }
                else
                {
                    RowFilter.Down(rows, downWeights + (y * pairs), pairs, row, _sourceWidth);
                }

                RowFilter.Across(row, offsets, shuffles, acrossWeights, groups, to + ((nint)y * toStride), _steps);
            }
        }

        GC.KeepAlive(source);
        GC.KeepAlive(target);
    }

    // Four output pixels and four weights each must find their input within one 16-byte load.
    private static bool LanesFit(FilterBank across)
    {
        for (int x = 0; x < across.First.Length; x++)
        {
            if (across.First[x] - across.First[x / RowFilter.Lane * RowFilter.Lane] is < 0 or > 16 - RowFilter.Group)
            {
                return false;
            }
        }

        return true;
    }

    private void LayLanes()
    {
        int groups = _across.Taps / RowFilter.Group;
        for (int x = 0; x < OutputRowBytes; x++)
        {
            // Pixels past the end of the row look like the last one, with no weight.
            int lane = x / RowFilter.Lane;
            int start = _across.First[Math.Min(lane * RowFilter.Lane, _across.First.Length - 1)];
            int first = _across.First[Math.Min(x, _across.First.Length - 1)];
            _offsets[lane] = start;
            for (int i = 0; i < RowFilter.Group; i++)
            {
                _shuffles[(x * RowFilter.Group) + i] = (byte)(first - start + i);
            }

            for (int tap = 0; tap < _across.Taps && x < _across.First.Length; tap++)
            {
                int group = tap / RowFilter.Group;
                int place = ((x / 8) * groups * 32) + (group * 32) + (x % 8 * RowFilter.Group) + (tap % RowFilter.Group);
                _acrossWeights[place] = _across.Weights[(x * _across.Taps) + tap];
            }
        }
    }
}
