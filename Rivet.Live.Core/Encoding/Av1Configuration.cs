using System.Buffers;
using Rivet.Live.Core.Bitstream;
using Rivet.Live.Core.Boxes;

namespace Rivet.Live.Core.Encoding;

/// <summary>av1C of an AV1 encoder.</summary>
internal static class Av1Configuration
{
    /// <param name="units">The encoder's extradata: a sequence header among AV1's units.</param>
    /// <param name="encoderName">For error texts.</param>
    /// <exception cref="InvalidDataException">There is no sequence header, or it cannot be read.</exception>
    public static CodecConfiguration Read(ReadOnlySpan<byte> units, string encoderName)
    {
        if (!Obus.TryFindSequenceHeader(units, out ReadOnlySpan<byte> obu, out ReadOnlySpan<byte> payload)
            || Av1SequenceHeader.TryRead(payload, out Av1SequenceHeader header) != OperationStatus.Done)
        {
            throw new InvalidDataException($"{encoderName} gave {units.Length} bytes of headers without a sequence header that can be read; one was expected.");
        }

        byte[] record = Av1C.WriteRecord(header, obu);
        _ = Av1C.TryRead(record, out Av1C av1C);
        return new CodecConfiguration(BoxType.Av01, BoxType.Av1C, record, CodecStrings.Av1(av1C));
    }
}
