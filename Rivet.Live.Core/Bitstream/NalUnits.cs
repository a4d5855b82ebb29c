using System.Buffers.Binary;

namespace Rivet.Live.Core.Bitstream;

/// <summary>NAL units of H.264 and HEVC in their two wrappings: start codes (Annex B) as encoders write, length prefixes as MP4 stores.</summary>
internal static class NalUnits
{
    /// <summary>Bytes of the length before each unit of a sample.</summary>
    public const int LengthBytes = 4;

    private static ReadOnlySpan<byte> StartCode => [0, 0, 1];

    /// <summary>Takes the first unit off an Annex B stream.</summary>
    /// <param name="annexB">The stream; afterwards what follows the unit.</param>
    /// <param name="unit">The unit from its header byte on, without start code and trailing zeros.</param>
    /// <returns>False where no unit is left.</returns>
    public static bool TryTake(scoped ref ReadOnlySpan<byte> annexB, out ReadOnlySpan<byte> unit)
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

    /// <summary>Takes the first unit off a sample of length-prefixed units.</summary>
    /// <param name="sample">The sample; afterwards what follows the unit.</param>
    /// <param name="lengthBytes">Bytes of each length: 1 to 4.</param>
    /// <param name="unit">The unit from its header byte on.</param>
    /// <returns>False where no unit is left, or what is there is none.</returns>
    public static bool TryTake(scoped ref ReadOnlySpan<byte> sample, int lengthBytes, out ReadOnlySpan<byte> unit)
    {
        unit = default;
        if (sample.Length <= lengthBytes)
        {
            return false;
        }

        long length = 0;
        foreach (byte next in sample[..lengthBytes])
        {
            length = (length << 8) | next;
        }

        if (length == 0 || length > sample.Length - lengthBytes)
        {
            return false;
        }

        unit = sample.Slice(lengthBytes, (int)length);
        sample = sample[(lengthBytes + (int)length)..];
        return true;
    }

    /// <summary>The first unit of a kind; false where there is none.</summary>
    /// <param name="annexB">Units with start codes.</param>
    /// <param name="isWanted">Tells the kind by the unit.</param>
    /// <param name="unit">As <see cref="TryTake(ref ReadOnlySpan{byte}, out ReadOnlySpan{byte})"/> gives it.</param>
    public static bool TryFind(ReadOnlySpan<byte> annexB, Func<ReadOnlySpan<byte>, bool> isWanted, out ReadOnlySpan<byte> unit)
    {
        while (TryTake(ref annexB, out unit))
        {
            if (isWanted(unit))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How many bytes <see cref="WriteSample"/> will write.</summary>
    public static int MeasureSample(ReadOnlySpan<byte> annexB, Func<ReadOnlySpan<byte>, bool> belongsInSample)
    {
        int bytes = 0;
        while (TryTake(ref annexB, out ReadOnlySpan<byte> unit))
        {
            bytes += belongsInSample(unit) ? LengthBytes + unit.Length : 0;
        }

        return bytes;
    }

    /// <summary>Writes one access unit as an <c>avc1</c> or <c>hvc1</c> sample: length-prefixed.</summary>
    /// <param name="annexB">The access unit with start codes.</param>
    /// <param name="belongsInSample">False for units that are left out: those that the init segment has.</param>
    /// <param name="sample">As large as <see cref="MeasureSample"/> says.</param>
    public static void WriteSample(ReadOnlySpan<byte> annexB, Func<ReadOnlySpan<byte>, bool> belongsInSample, Span<byte> sample)
    {
        while (TryTake(ref annexB, out ReadOnlySpan<byte> unit))
        {
            if (belongsInSample(unit))
            {
                BinaryPrimitives.WriteInt32BigEndian(sample, unit.Length);
                unit.CopyTo(sample[LengthBytes..]);
                sample = sample[(LengthBytes + unit.Length)..];
            }
        }
    }
}
