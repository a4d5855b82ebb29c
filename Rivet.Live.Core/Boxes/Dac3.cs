using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>dac3 — AC-3 Specific. In: ac-3. ETSI TS 102 366 Annex F.4.</summary>
internal readonly record struct Dac3(int SampleRate, int Channels)
{
    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out Dac3 dac3)
    {
        FieldReader fields = new(payload);
        uint bits = ((uint)fields.UInt8() << 16) | fields.UInt16();
        dac3 = new Dac3(RateOf(bits >> 22), ChannelsOf((bits >> 11) & 0x7, (bits >> 10) & 0x1));
        return fields.Status;
    }

    /// <summary>fscod; 0 where it is the reserved value.</summary>
    public static int RateOf(uint code) => code switch
    {
        0 => 48000,
        1 => 44100,
        2 => 32000,
        _ => 0,
    };

    /// <summary>acmod and lfeon.</summary>
    public static int ChannelsOf(uint mode, uint lowFrequency)
    {
        ReadOnlySpan<byte> channels = [2, 1, 2, 3, 3, 4, 4, 5];
        return channels[(int)mode] + (int)lowFrequency;
    }
}
