using System.Numerics;

namespace Rivet.Live.Core.Buffers;

/// <summary>Memory that nobody holds now and somebody will soon: segments of all broadcasts come back at once, and go out again part by part.</summary>
/// <remarks>
/// The runtime's shared pool keeps 32 arrays of a size for each processor. What came back beyond that went to the collector, and out again as fresh
/// pages, which the kernel clears first: a fifth of all that a hundred publishers cost. There are four sizes to a doubling, so a tenth of an
/// array is left over where it was a third.
/// </remarks>
internal sealed class IdleArrays
{
    private const int SmallestLog = 8;

    private const int LargestLog = 26;

    private const int LargestBytes = 1 << LargestLog;

    private readonly Lock _arraysLock = new();
    private readonly Stack<byte[]>[] _arrays = [.. Enumerable.Range(0, (4 * (LargestLog - SmallestLog)) + 1).Select(static _ => new Stack<byte[]>())];
    private long _bytes;

    /// <summary>Bytes in all of them.</summary>
    public long Bytes
    {
        get
        {
            lock (_arraysLock)
            {
                return _bytes;
            }
        }
    }

    /// <summary>An array of at least so many bytes, whatever is in them.</summary>
    public byte[] Take(int bytes)
    {
        if (bytes > LargestBytes)
        {
            return GC.AllocateUninitializedArray<byte>(bytes);
        }

        (int size, int length) = SizeOf(bytes);
        lock (_arraysLock)
        {
            if (_arrays[size].TryPop(out byte[]? idle))
            {
                _bytes -= length;
                return idle;
            }
        }

        return GC.AllocateUninitializedArray<byte>(length);
    }

    /// <summary>Takes an array of <see cref="Take"/> back, and leaves to the collector what is too much then, the largest first.</summary>
    /// <param name="array">Nobody reads or writes it any more.</param>
    /// <param name="bytesMax">What all idle arrays may have.</param>
    public void Give(byte[] array, long bytesMax)
    {
        if (array.Length > LargestBytes)
        {
            return;
        }

        lock (_arraysLock)
        {
            _arrays[SizeOf(array.Length).Size].Push(array);
            _bytes += array.Length;
            for (int size = _arrays.Length - 1; _bytes > bytesMax && size >= 0; size--)
            {
                while (_bytes > bytesMax && _arrays[size].TryPop(out byte[]? spare))
                {
                    _bytes -= spare.Length;
                }
            }
        }
    }

    /// <summary>The size that holds so many bytes: 256, 320, 384, 448, 512, 640 and so on.</summary>
    private static (int Size, int Length) SizeOf(int bytes)
    {
        if (bytes <= 1 << SmallestLog)
        {
            return (0, 1 << SmallestLog);
        }

        int log = BitOperations.Log2((uint)bytes - 1);
        int quarter = ((bytes - 1) >> (log - 2)) & 3;
        return ((4 * (log - SmallestLog)) + quarter + 1, (quarter + 5) << (log - 2));
    }
}
