using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>emib — Event Message Instance. In: samples of an event message track. ISO/IEC 23001-18.</summary>
/// <param name="Scheme">scheme_id_uri: what the message means.</param>
/// <param name="Value">Which kind of that scheme; may be empty.</param>
/// <param name="Delta">When it happens, behind its sample's presentation time, in the track's ticks; negative where the event goes on.</param>
/// <param name="Duration">In the track's ticks; <see cref="Emsg.UnknownDuration"/> where it is not known.</param>
/// <param name="Id">The same for the same event.</param>
/// <param name="Message">The scheme's own bytes.</param>
internal sealed record Emib(string Scheme, string Value, long Delta, uint Duration, uint Id, byte[] Message)
{
    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out Emib? emib)
    {
        emib = null;
        FieldReader fields = FieldReader.OfFullBox(payload, out byte version, out _);
        fields.Skip(4); // reserved
        long delta = fields.Int64();
        uint duration = fields.UInt32();
        uint id = fields.UInt32();
        string scheme = fields.ZeroTerminated();
        string value = fields.ZeroTerminated();
        if (fields.Status != OperationStatus.Done)
        {
            return fields.Status;
        }

        emib = new Emib(scheme, value, delta, duration, id, fields.Take(fields.Remaining).ToArray());
        return version > 0 ? OperationStatus.InvalidData : OperationStatus.Done;
    }

    public void Write(BoxWriter boxes)
    {
        using (boxes.OpenFull(BoxType.Emib, version: 0, flags: 0))
        {
            boxes.UInt32(0);
            boxes.UInt64((ulong)Delta);
            boxes.UInt32(Duration);
            boxes.UInt32(Id);
            boxes.ZeroTerminated(Scheme);
            boxes.ZeroTerminated(Value);
            boxes.Bytes(Message);
        }
    }
}
