using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>dec3 — E-AC-3 Specific, first independent substream. In: ec-3. ETSI TS 102 366 Annex F.6.</summary>
internal readonly record struct Dec3(int SampleRate, int Channels)
{
    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out Dec3 dec3)
    {
        FieldReader fields = new(payload);
        fields.Skip(2); // data rate, number of independent substreams
        uint bits = ((uint)fields.UInt8() << 16) | fields.UInt16();
        dec3 = new Dec3(Dac3.RateOf(bits >> 22), Dac3.ChannelsOf((bits >> 9) & 0x7, (bits >> 8) & 0x1));
        return fields.Status;
    }
}
