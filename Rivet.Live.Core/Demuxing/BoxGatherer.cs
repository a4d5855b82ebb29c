namespace Rivet.Live.Core.Demuxing;

/// <summary>Gathers a box that arrives in pieces. Memory follows the bytes that are there, not the size that was declared.</summary>
internal struct BoxGatherer
{
    private byte[]? _bytes;
    private int _count;
    private int _boxBytes;

    public readonly ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _count);

    public void Begin(ReadOnlySpan<byte> header, int boxBytes)
    {
        _count = 0;
        _boxBytes = boxBytes;
        Add(header);
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        int needed = _count + bytes.Length;
        if (_bytes is null || needed > _bytes.Length)
        {
            // Doubling, so that a box that comes byte by byte is not copied each time.
            Array.Resize(ref _bytes, Math.Max(needed, Math.Min(_boxBytes, Math.Max(1024, _count * 2))));
        }

        bytes.CopyTo(_bytes.AsSpan(_count));
        _count = needed;
    }

    /// <summary>Lets go of memory beyond <paramref name="keptBytes"/>.</summary>
    public void End(int keptBytes)
    {
        _count = 0;
        if (_bytes?.Length > keptBytes)
        {
            _bytes = null;
        }
    }
}
