namespace Rivet.Live.Core.Buffers;

/// <summary>Media bytes with a count of holders. Only <see cref="PayloadHold"/> touches it.</summary>
internal sealed class SharedPayload(PayloadPool pool, byte[] array, int bytes)
{
    private int _holds = 1;

    public Memory<byte> Memory { get; } = array.AsMemory(0, bytes);

    public void Hold() => Interlocked.Increment(ref _holds);

    public void Release()
    {
        if (Interlocked.Decrement(ref _holds) == 0)
        {
            pool.Return(array, bytes);
        }
    }
}
