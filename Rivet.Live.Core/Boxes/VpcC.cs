using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>vpcC — VP Codec Configuration. In: vp09. VP Codec ISO Media File Format Binding, "VP Codec Configuration Box".</summary>
/// <param name="Profile">0 to 3.</param>
/// <param name="Level">10 is level 1, 31 is level 3.1.</param>
/// <param name="BitDepth">8, 10 or 12.</param>
internal readonly record struct VpcC(byte Profile, byte Level, int BitDepth)
{
    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out VpcC vpcC)
    {
        FieldReader fields = FieldReader.OfFullBox(payload, out byte version, out _);
        vpcC = new VpcC(fields.UInt8(), fields.UInt8(), fields.UInt8() >> 4);
        fields.Skip(2 + 1 + 2); // colour, matrix, size of the initialisation data
        return fields.Status == OperationStatus.Done && version != 1 ? OperationStatus.InvalidData : fields.Status;
    }
}
