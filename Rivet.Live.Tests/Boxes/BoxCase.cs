using System.Buffers;

namespace Rivet.Live.Tests.Boxes;

/// <summary>A box with what it means, and how it is read and written.</summary>
/// <param name="Name">For the test's name.</param>
/// <param name="Payload">The box without its header, in hex.</param>
/// <param name="Expected">What it says.</param>
/// <param name="Read">Reads it.</param>
/// <param name="Write">Writes it, header included; absent where the house never writes that shape.</param>
/// <param name="NeededBytes">Bytes of the payload that reading needs; the rest is not looked at.</param>
internal sealed record BoxCase(string Name, string Payload, object Expected, BoxCase.Reader Read, Action<Core.Boxes.BoxWriter>? Write, int NeededBytes)
{
    public delegate OperationStatus Reader(ReadOnlySpan<byte> payload, out object box);

    public delegate OperationStatus TypedReader<T>(ReadOnlySpan<byte> payload, out T box);

    public byte[] PayloadBytes => Convert.FromHexString(Payload);

    public static BoxCase Of<T>(string name, string payload, T expected, TypedReader<T> read, Action<Core.Boxes.BoxWriter>? write = null, int? neededBytes = null)
        where T : struct
    {
        string hex = payload.Replace(" ", string.Empty, StringComparison.Ordinal);
        return new BoxCase(name, hex, expected, Untyped, write, neededBytes ?? (hex.Length / 2));

        OperationStatus Untyped(ReadOnlySpan<byte> bytes, out object box)
        {
            OperationStatus status = read(bytes, out T typed);
            box = typed;
            return status;
        }
    }
}
