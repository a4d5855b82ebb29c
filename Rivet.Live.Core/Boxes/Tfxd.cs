using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>tfxd — Smooth Streaming's decode time, in a uuid box where others have tfdt. In: traf. [MS-SSTR] §2.2.4.4.</summary>
/// <param name="DecodeTime">Negative where an encoder's priming lies before the start.</param>
/// <param name="Duration">Of the traf.</param>
internal readonly record struct Tfxd(long DecodeTime, ulong Duration)
{
    public static Guid UserType { get; } = new("6d1d9b05-42d5-44e6-80e2-141daff757b2");

    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out Tfxd tfxd)
    {
        FieldReader fields = FieldReader.OfFullBox(payload, out byte version, out _);
        tfxd = new Tfxd(version == 0 ? fields.UInt32() : fields.Int64(), fields.UInt32Or64(version));
        return fields.Status;
    }

    public void Write(BoxWriter boxes)
    {
        Span<byte> userType = stackalloc byte[16];
        UserType.TryWriteBytes(userType, bigEndian: true, out _);
        using (boxes.Open(BoxType.Uuid))
        {
            boxes.Bytes(userType);
            boxes.UInt32(0x01000000); // version 1
            boxes.UInt64((ulong)DecodeTime);
            boxes.UInt64(Duration);
        }
    }
}
