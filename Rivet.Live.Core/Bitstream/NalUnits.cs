using System.Buffers.Binary;

namespace Rivet.Live.Core.Bitstream;

/// <summary>NAL units of H.264 and HEVC in their two wrappings: start codes (Annex B) as encoders write, length prefixes as MP4 stores.</summary>
internal static class NalUnits
{
    /// <summary>Bytes of the length before each unit of a sample.</summary>
    public const int LengthBytes = 4;

    private const int Sps = 7;
    private const int Pps = 8;
    private const int AccessUnitDelimiter = 9;

    private static ReadOnlySpan<byte> StartCode => [0, 0, 1];

    /// <summary>Takes the first unit off an Annex B stream.</summary>
    /// <param name="annexB">The stream; afterwards what follows the unit.</param>
    /// <param name="unit">The unit from its header byte on, without start code and trailing zeros.</param>
    /// <returns>False where no unit is left.</returns>
    public static bool TryTake(ref ReadOnlySpan<byte> annexB, out ReadOnlySpan<byte> unit)
    {
        while (true)
        {
            int start = annexB.IndexOf(StartCode);
            if (start < 0)
            {
                annexB = default;
                unit = default;
                return false;
            }

            annexB = annexB[(start + StartCode.Length)..];
            int end = annexB.IndexOf(StartCode);
            unit = (end < 0 ? annexB : annexB[..end]).TrimEnd((byte)0);
            annexB = end < 0 ? default : annexB[end..];
            if (!unit.IsEmpty)
            {
                return true;
            }
        }
    }

    /// <summary>How many bytes <see cref="WriteSample"/> will write.</summary>
    public static int MeasureSample(ReadOnlySpan<byte> annexB, bool isHevc = false)
    {
        int bytes = 0;
        while (TryTake(ref annexB, out ReadOnlySpan<byte> unit))
        {
            bytes += BelongsInSample(unit, isHevc) ? LengthBytes + unit.Length : 0;
        }

        return bytes;
    }

    /// <summary>Writes one access unit as an <c>avc1</c> or <c>hvc1</c> sample: length-prefixed, parameter sets and delimiters left out.</summary>
    public static void WriteSample(ReadOnlySpan<byte> annexB, Span<byte> sample, bool isHevc = false)
    {
        while (TryTake(ref annexB, out ReadOnlySpan<byte> unit))
        {
            if (BelongsInSample(unit, isHevc))
            {
                BinaryPrimitives.WriteInt32BigEndian(sample, unit.Length);
                unit.CopyTo(sample[LengthBytes..]);
                sample = sample[(LengthBytes + unit.Length)..];
            }
        }
    }

    public static bool IsSps(ReadOnlySpan<byte> unit) => TypeOf(unit) == Sps;

    public static bool IsPps(ReadOnlySpan<byte> unit) => TypeOf(unit) == Pps;

    private static bool BelongsInSample(ReadOnlySpan<byte> unit, bool isHevc) =>
        isHevc ? HevcUnits.BelongsInSample(unit) : TypeOf(unit) is not (Sps or Pps or AccessUnitDelimiter);

    private static int TypeOf(ReadOnlySpan<byte> unit) => unit[0] & 0x1F;
}
