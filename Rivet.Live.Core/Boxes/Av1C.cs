using System.Buffers;
using Rivet.Live.Core.Bitstream;

namespace Rivet.Live.Core.Boxes;

/// <summary>av1C — AV1 Codec Configuration. In: av01. AV1 Codec ISO Media File Format Binding §2.3.</summary>
/// <param name="Profile">seq_profile.</param>
/// <param name="Level">seq_level_idx: 8 is level 4.0.</param>
/// <param name="IsHighTier">seq_tier.</param>
/// <param name="BitDepth">8, 10 or 12.</param>
internal readonly record struct Av1C(byte Profile, byte Level, bool IsHighTier, int BitDepth)
{
    /// <summary>Marker bit and version 1.</summary>
    public const byte MarkerAndVersion = 0x81;

    /// <summary>Where in the payload the units begin: the sequence header, where it is not in band alone.</summary>
    public const int UnitsOffset = 4;

    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out Av1C av1C)
    {
        FieldReader fields = new(payload);
        bool isVersion1 = fields.UInt8() == MarkerAndVersion;
        byte profileAndLevel = fields.UInt8();
        byte depths = fields.UInt8();
        fields.Skip(1); // presentation delay
        int bitDepth = (depths & 0x40) == 0 ? 8 : (depths & 0x20) == 0 ? 10 : 12;
        av1C = new Av1C((byte)(profileAndLevel >> 5), (byte)(profileAndLevel & 0x1F), (depths & 0x80) != 0, bitDepth);
        return fields.Status == OperationStatus.Done && !isVersion1 ? OperationStatus.InvalidData : fields.Status;
    }

    /// <summary>The payload for this sequence header. No delay of presentation is promised.</summary>
    /// <param name="header">What it says.</param>
    /// <param name="obu">The whole unit, with its size.</param>
    public static byte[] WriteRecord(in Av1SequenceHeader header, ReadOnlySpan<byte> obu)
    {
        Av1Color color = header.Color;
        int flags = (header.IsHighTier ? 0x80 : 0)
            | (color.BitDepth > 8 ? 0x40 : 0)
            | (color.BitDepth > 10 ? 0x20 : 0)
            | (color.IsMonochrome ? 0x10 : 0)
            | (color.SubsamplingX << 3)
            | (color.SubsamplingY << 2)
            | color.ChromaPosition;
        return [MarkerAndVersion, (byte)((header.Profile << 5) | header.Level), (byte)flags, 0, .. obu];
    }
}
