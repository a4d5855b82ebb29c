namespace Rivet.Live.Core.Bitstream;

/// <summary>Open bitstream units of AV1 as encoders write them and as MP4 stores them. AV1 Bitstream Specification §5.3.</summary>
internal static class Obus
{
    private const int SequenceHeader = 1;
    private const int TemporalDelimiter = 2;
    private const int Padding = 15;

    /// <summary>leb128 of a size may take so many bytes (§4.10.5).</summary>
    private const int SizeBytesMax = 8;

    /// <summary>Takes the first unit off a stream.</summary>
    /// <param name="stream">The stream; afterwards what follows the unit.</param>
    /// <param name="type">obu_type.</param>
    /// <param name="obu">The whole unit, header included.</param>
    /// <param name="payload">What it carries.</param>
    /// <returns>False where no unit is left, or what is there is none.</returns>
    public static bool TryTake(scoped ref ReadOnlySpan<byte> stream, out int type, out ReadOnlySpan<byte> obu, out ReadOnlySpan<byte> payload)
    {
        type = 0;
        obu = payload = default;
        ReadOnlySpan<byte> rest = stream;
        stream = default;
        if (rest.IsEmpty || (rest[0] & 0x80) != 0)
        {
            return false;
        }

        bool hasExtension = (rest[0] & 0x4) != 0;
        bool hasSize = (rest[0] & 0x2) != 0;
        int headerBytes = hasExtension ? 2 : 1;
        long payloadBytes = rest.Length - headerBytes;
        if (hasSize && !TryReadSize(rest, ref headerBytes, out payloadBytes))
        {
            return false;
        }

        if (payloadBytes < 0 || payloadBytes > rest.Length - headerBytes)
        {
            return false;
        }

        type = (rest[0] >> 3) & 0xF;
        obu = rest[..(headerBytes + (int)payloadBytes)];
        payload = obu[headerBytes..];
        stream = rest[obu.Length..];
        return true;
    }

    /// <summary>The first sequence header of a stream; false where there is none.</summary>
    /// <param name="stream">Units one after another.</param>
    /// <param name="obu">The whole unit, as av1C keeps it.</param>
    /// <param name="payload">What <see cref="Av1SequenceHeader.TryRead"/> reads.</param>
    public static bool TryFindSequenceHeader(ReadOnlySpan<byte> stream, out ReadOnlySpan<byte> obu, out ReadOnlySpan<byte> payload)
    {
        while (TryTake(ref stream, out int type, out obu, out payload))
        {
            if (type == SequenceHeader)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How many bytes <see cref="WriteSample"/> will write.</summary>
    public static int MeasureSample(ReadOnlySpan<byte> temporalUnit)
    {
        int bytes = 0;
        while (TryTake(ref temporalUnit, out int type, out ReadOnlySpan<byte> obu, out _))
        {
            bytes += BelongsInSample(type) ? obu.Length : 0;
        }

        return bytes;
    }

    /// <summary>Writes a temporal unit as an <c>av01</c> sample: delimiters and padding left out. AV1 Codec ISO Media File Format Binding §2.4.</summary>
    public static void WriteSample(ReadOnlySpan<byte> temporalUnit, Span<byte> sample)
    {
        while (TryTake(ref temporalUnit, out int type, out ReadOnlySpan<byte> obu, out _))
        {
            if (BelongsInSample(type))
            {
                obu.CopyTo(sample);
                sample = sample[obu.Length..];
            }
        }
    }

    private static bool BelongsInSample(int type) => type is not (TemporalDelimiter or Padding);

    private static bool TryReadSize(ReadOnlySpan<byte> bytes, ref int position, out long size)
    {
        size = 0;
        for (int index = 0; index < SizeBytesMax && position < bytes.Length; index++)
        {
            byte next = bytes[position++];
            size |= (long)(next & 0x7F) << (7 * index);
            if ((next & 0x80) == 0)
            {
                return true;
            }
        }

        return false;
    }
}
