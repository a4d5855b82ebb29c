namespace Rivet.Live.Core.Buffers;

/// <summary>Lends the memory that media bytes live in, and knows how much of it is out.</summary>
public sealed class PayloadPool
{
    /// <summary>Whatever little is out.</summary>
    private const long LeastIdleBytes = 1 << 20;

    private readonly IdleArrays _idle = new();
    private long _lentBytes;
    private long _lentPayloads;

    /// <summary>Bytes now held by somebody. Zero once every hold is disposed.</summary>
    public long LentBytes => Interlocked.Read(ref _lentBytes);

    /// <summary>Bytes kept for whoever comes next: a quarter of what is out at most, and some.</summary>
    internal long IdleBytes => _idle.Bytes;

    /// <summary>Payloads now held by somebody.</summary>
    public long LentPayloads => Interlocked.Read(ref _lentPayloads);

    /// <summary>Lends <paramref name="bytes"/> bytes of uninitialised memory to one holder.</summary>
    public PayloadHold Rent(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Interlocked.Add(ref _lentBytes, bytes);
        Interlocked.Increment(ref _lentPayloads);
        return new PayloadHold(new SharedPayload(this, _idle.Take(bytes), bytes));
    }

    /// <summary>Lends a copy of <paramref name="content"/>.</summary>
    public PayloadHold Copy(ReadOnlySpan<byte> content)
    {
        PayloadHold hold = Rent(content.Length);
        content.CopyTo(hold.Writable.Span);
        return hold;
    }

    internal void Return(byte[] array, int bytes)
    {
        long lent = Interlocked.Add(ref _lentBytes, -bytes);
        Interlocked.Decrement(ref _lentPayloads);
        _idle.Give(array, (lent / 4) + LeastIdleBytes);
    }
}
