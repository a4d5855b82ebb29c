using System.Buffers;
using System.Globalization;

namespace Rivet.Live.Core.Bitstream;

/// <summary>Reads splice_info_section. ANSI/SCTE 35 2023 §9.6.</summary>
internal static class SpliceSection
{
    private const uint TableId = 0xFC;
    private const uint SpliceInsert = 0x05;
    private const uint TimeSignal = 0x06;
    private const uint SegmentationDescriptor = 0x02;
    private const double ClockHertz = 90000;

    /// <summary>The breaks that begin or end, or are cancelled; none where the section is about something else.</summary>
    /// <param name="section">From table_id on.</param>
    /// <param name="splices">What was found; empty unless the answer is <see cref="OperationStatus.Done"/>.</param>
    public static OperationStatus TryRead(ReadOnlySpan<byte> section, out IReadOnlyList<Splice> splices)
    {
        splices = [];
        BitReader bits = new(section, hasEmulationPrevention: false);
        if (bits.Bits(8) != TableId)
        {
            return section.IsEmpty ? OperationStatus.NeedMoreData : OperationStatus.InvalidData;
        }

        bits.Skip(16 + 8); // flags and length of the section, version of the protocol
        bool isEncrypted = bits.Flag();
        bits.Skip(6 + 33 + 8 + 12 + 12); // algorithm, adjustment, control word, tier, length of the command
        uint command = bits.Bits(8);
        List<Splice> found = [];
        if (!isEncrypted && command == SpliceInsert)
        {
            found.Add(ReadInsert(ref bits));
        }
        else if (!isEncrypted && command == TimeSignal)
        {
            SkipTime(ref bits);
            ReadDescriptors(ref bits, found);
        }

        if (bits.Status == OperationStatus.Done)
        {
            splices = found;
        }

        return bits.Status;
    }

    private static Splice ReadInsert(ref BitReader bits)
    {
        string key = Key("insert", bits.Bits(32));
        bool isCancelled = bits.Flag();
        bits.Skip(7);
        if (isCancelled)
        {
            return new Splice(SpliceKind.Cancelled, key, null);
        }

        bool isOut = bits.Flag();
        bool isOfProgram = bits.Flag();
        bool hasDuration = bits.Flag();
        bool isImmediate = bits.Flag();
        bits.Skip(4);
        uint times = isOfProgram ? 1 : bits.Bits(8);
        for (uint index = 0; index < times; index++)
        {
            bits.Skip(isOfProgram ? 0 : 8);
            if (!isImmediate)
            {
                SkipTime(ref bits);
            }
        }

        return new Splice(isOut ? SpliceKind.Out : SpliceKind.In, key, hasDuration ? ReadBreak(ref bits) : null);
    }

    private static double ReadBreak(ref BitReader bits)
    {
        bits.Skip(7); // returns by itself
        return (((ulong)bits.Bits(1) << 32) | bits.Bits(32)) / ClockHertz;
    }

    private static void SkipTime(ref BitReader bits) => bits.Skip(bits.Flag() ? 39 : 7);

    private static void ReadDescriptors(ref BitReader bits, List<Splice> found)
    {
        int left = (int)bits.Bits(16);
        while (left >= 2 && bits.Status == OperationStatus.Done)
        {
            uint tag = bits.Bits(8);
            int bytes = (int)bits.Bits(8);
            left -= 2 + bytes;
            int taken = 0;
            if (tag == SegmentationDescriptor && ReadSegmentation(ref bits, bytes * 8, ref taken) is { } splice)
            {
                found.Add(splice);
            }

            bits.Skip(Math.Max(0, (bytes * 8) - taken));
        }
    }

    /// <summary>§10.3.3; null for a segment that is no break.</summary>
    /// <param name="bits">Behind the descriptor's length.</param>
    /// <param name="size">Of the descriptor, in bits.</param>
    /// <param name="taken">Bits that were read.</param>
    private static Splice? ReadSegmentation(ref BitReader bits, int size, ref int taken)
    {
        const uint identifier = 0x43554549; // CUEI
        if (size < 72 || Take(ref bits, 32, ref taken) != identifier)
        {
            return null;
        }

        uint id = Take(ref bits, 32, ref taken);
        bool isCancelled = Take(ref bits, 1, ref taken) != 0;
        Take(ref bits, 7, ref taken);
        if (isCancelled || size < 120)
        {
            return isCancelled ? new Splice(SpliceKind.Cancelled, Key("segmentation", id), null) : null;
        }

        bool isOfProgram = Take(ref bits, 1, ref taken) != 0;
        bool hasDuration = Take(ref bits, 1, ref taken) != 0;
        Take(ref bits, 6, ref taken); // restrictions
        uint components = isOfProgram ? 0 : Take(ref bits, 8, ref taken);
        for (uint component = 0; component < components; component++)
        {
            Take(ref bits, 16, ref taken);
            Take(ref bits, 32, ref taken);
        }

        double? planned = hasDuration ? (((ulong)Take(ref bits, 8, ref taken) << 32) | Take(ref bits, 32, ref taken)) / ClockHertz : null;
        Take(ref bits, 8, ref taken); // kind of the programme's identifier
        for (uint left = Take(ref bits, 8, ref taken); left > 0; left--)
        {
            Take(ref bits, 8, ref taken);
        }

        uint type = Take(ref bits, 8, ref taken);
        bool isBreak = type is 0x22 or 0x23 or (>= 0x30 and <= 0x37) or (>= 0x44 and <= 0x47);
        return isBreak ? new Splice(type % 2 == 0 ? SpliceKind.Out : SpliceKind.In, Key("segmentation", id), planned) : null;
    }

    private static uint Take(ref BitReader bits, int count, ref int taken)
    {
        taken += count;
        return bits.Bits(count);
    }

    private static string Key(string command, uint id) => string.Create(CultureInfo.InvariantCulture, $"{command}-{id}");
}
