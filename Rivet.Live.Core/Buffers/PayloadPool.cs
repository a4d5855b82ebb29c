using System.Buffers;

namespace Rivet.Live.Core.Buffers;

/// <summary>Lends the memory that media bytes live in, and knows how much of it is out.</summary>
public sealed class PayloadPool
{
    private readonly ArrayPool<byte> _arrays = ArrayPool<byte>.Shared;
    private long _lentBytes;
    private long _lentPayloads;

    /// <summary>Bytes now held by somebody. Zero once every hold is disposed.</summary>
    public long LentBytes => Interlocked.Read(ref _lentBytes);

    /// <summary>Payloads now held by somebody.</summary>
    public long LentPayloads => Interlocked.Read(ref _lentPayloads);

    /// <summary>Lends <paramref name="bytes"/> bytes of uninitialised memory to one holder.</summary>
    public PayloadHold Rent(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Interlocked.Add(ref _lentBytes, bytes);
        Interlocked.Increment(ref _lentPayloads);
        return new PayloadHold(new SharedPayload(this, _arrays.Rent(bytes), bytes));
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
        Interlocked.Add(ref _lentBytes, -bytes);
        Interlocked.Decrement(ref _lentPayloads);
        _arrays.Return(array);
    }
}
