using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>dOps — Opus Specific. In: Opus. Encapsulation of Opus in ISO Base Media File Format §4.3.2.</summary>
/// <param name="Channels">Output channels.</param>
/// <param name="PreSkip">Samples at 48 kHz that a decoder drops at the start.</param>
/// <param name="InputSampleRate">Of the sound before it was coded; Opus itself always runs at 48 kHz.</param>
internal readonly record struct DOps(byte Channels, ushort PreSkip, uint InputSampleRate)
{
    /// <summary>The rate that every Opus decoder gives out.</summary>
    public const int SampleRate = 48000;

    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out DOps dOps)
    {
        FieldReader fields = new(payload);
        bool isVersion0 = fields.UInt8() == 0;
        dOps = new DOps(fields.UInt8(), fields.UInt16(), fields.UInt32());
        fields.Skip(2); // gain
        int mappingFamily = fields.UInt8();
        fields.Skip(mappingFamily == 0 ? 0 : 2 + dOps.Channels); // streams, coupled streams, mapping
        return fields.Status == OperationStatus.Done && !isVersion0 ? OperationStatus.InvalidData : fields.Status;
    }

    /// <summary>Writes one or two channels (mapping family 0).</summary>
    public void Write(BoxWriter boxes)
    {
        using (boxes.Open(BoxType.DOps))
        {
            boxes.UInt8(0);
            boxes.UInt8(Channels);
            boxes.UInt16(PreSkip);
            boxes.UInt32(InputSampleRate);
            boxes.Zeros(2 + 1); // gain, mapping family
        }
    }
}
