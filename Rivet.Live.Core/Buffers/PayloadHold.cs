namespace Rivet.Live.Core.Buffers;

/// <summary>This holder's right to read shared media bytes. Dispose gives it up; the last one returns the memory.</summary>
public sealed class PayloadHold : IDisposable
{
    private SharedPayload? _payload;

    internal PayloadHold(SharedPayload payload) => _payload = payload;

    /// <summary>The bytes. Valid until this hold is disposed.</summary>
    public ReadOnlyMemory<byte> Memory => Payload.Memory;

    /// <summary>The same bytes, for whoever rented them to fill before the payload is shared.</summary>
    public Memory<byte> Writable => Payload.Memory;

    private SharedPayload Payload => _payload ?? throw new ObjectDisposedException(nameof(PayloadHold));

    /// <summary>A new hold for a new holder.</summary>
    public PayloadHold Share()
    {
        SharedPayload payload = Payload;
        payload.Hold();
        return new PayloadHold(payload);
    }

    /// <summary>Gives the bytes up, once, however often it is called.</summary>
    public void Dispose() => Interlocked.Exchange(ref _payload, null)?.Release();
}
