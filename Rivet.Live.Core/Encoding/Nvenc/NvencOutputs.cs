namespace Rivet.Live.Core.Encoding.Nvenc;

/// <summary>The pictures that NVENC has and whose samples were not taken, in the order in which they were sent.</summary>
/// <remarks>
/// A sample may be asked for once so many later pictures were sent as the encoder keeps back, and once a call at or after its own was accepted; a call that
/// answered that more input is needed was not. After the end every one may.
/// </remarks>
/// <param name="delay">How many pictures the encoder keeps back.</param>
internal sealed class NvencOutputs(int delay)
{
    private readonly Queue<NvencOutput> _sent = new();
    private long _sentCount;
    private long _takenCount;
    private long _acceptedCount;
    private bool _isOver;

    /// <summary>True where nothing is left of what was sent.</summary>
    public bool IsEmpty => _sent.Count == 0;

    /// <summary>The one to be taken next, where it may be.</summary>
    public NvencOutput? Due =>
        _sent.Count > 0 && (_isOver || (_takenCount < _acceptedCount && _takenCount + delay < _sentCount)) ? _sent.Peek() : null;

    /// <summary>A picture was sent.</summary>
    /// <param name="output">Where its sample will be.</param>
    /// <param name="isAccepted">False where the encoder answered that it needs more.</param>
    public void Sent(NvencOutput output, bool isAccepted)
    {
        _sent.Enqueue(output);
        _sentCount++;
        if (isAccepted)
        {
            _acceptedCount = _sentCount;
        }
    }

    /// <summary>The one that is due was taken.</summary>
    public void Taken()
    {
        _sent.Dequeue();
        _takenCount++;
    }

    /// <summary>The encoder was told that no more come.</summary>
    public void End() => _isOver = true;
}

/// <summary>One picture inside NVENC.</summary>
/// <param name="Buffers">The input buffer that holds it and the one that its sample is written to.</param>
/// <param name="PresentationTime">The picture's own time, in ticks of the encoder's timescale.</param>
internal sealed record NvencOutput(NvencBuffers Buffers, long PresentationTime);

/// <summary>A place in the ring of an encoder.</summary>
/// <param name="Input">Pixels.</param>
/// <param name="Bitstream">The sample that they become.</param>
internal readonly record struct NvencBuffers(nint Input, nint Bitstream);
