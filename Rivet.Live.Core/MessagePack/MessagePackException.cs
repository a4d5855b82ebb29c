namespace Rivet.Live.Core.MessagePack;

/// <summary>Bytes are no MessagePack, or not the value that was asked for: where, what was seen, what was expected.</summary>
/// <param name="offset">Where the offending value begins, or where bytes of it are missing, counted from the reader's first byte.</param>
internal sealed class MessagePackException(int offset, string seen, string expected) : Exception($"byte {offset}: saw {seen}, expected {expected}")
{
    public int Offset { get; } = offset;

    public string Seen { get; } = seen;

    public string Expected { get; } = expected;
}
