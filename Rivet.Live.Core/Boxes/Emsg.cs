using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>emsg — Event Message. In: file, before a moof. ISO/IEC 23009-1 §5.10.3.3.</summary>
/// <param name="Scheme">scheme_id_uri: what the message means.</param>
/// <param name="Value">Which kind of that scheme; may be empty.</param>
/// <param name="Timescale">Ticks per second of the times.</param>
/// <param name="Time">When it happens: on the presentation's clock in version 1; in version 0 behind the segment's first picture.</param>
/// <param name="IsAbsolute">Version 1.</param>
/// <param name="Duration">In ticks; <see cref="UnknownDuration"/> where it is not known.</param>
/// <param name="Id">The same for the same event.</param>
/// <param name="Message">The scheme's own bytes.</param>
internal sealed record Emsg(string Scheme, string Value, uint Timescale, ulong Time, bool IsAbsolute, uint Duration, uint Id, byte[] Message)
{
    public const uint UnknownDuration = uint.MaxValue;

    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out Emsg? emsg)
    {
        emsg = null;
        FieldReader fields = FieldReader.OfFullBox(payload, out byte version, out _);
        bool isAbsolute = version == 1;
        string scheme = isAbsolute ? "" : fields.ZeroTerminated();
        string value = isAbsolute ? "" : fields.ZeroTerminated();
        uint timescale = fields.UInt32();
        ulong time = isAbsolute ? fields.UInt64() : fields.UInt32();
        uint duration = fields.UInt32();
        uint id = fields.UInt32();
        if (isAbsolute)
        {
            scheme = fields.ZeroTerminated();
            value = fields.ZeroTerminated();
        }

        if (fields.Status != OperationStatus.Done)
        {
            return fields.Status;
        }

        emsg = new Emsg(scheme, value, timescale, time, isAbsolute, duration, id, fields.Take(fields.Remaining).ToArray());
        return version > 1 || timescale == 0 ? OperationStatus.InvalidData : OperationStatus.Done;
    }

    public void Write(BoxWriter boxes)
    {
        using (boxes.OpenFull(BoxType.Emsg, IsAbsolute ? (byte)1 : (byte)0, flags: 0))
        {
            if (!IsAbsolute)
            {
                boxes.ZeroTerminated(Scheme);
                boxes.ZeroTerminated(Value);
            }

            boxes.UInt32(Timescale);
            boxes.UInt32Or64(IsAbsolute ? (byte)1 : (byte)0, Time);
            boxes.UInt32(Duration);
            boxes.UInt32(Id);
            if (IsAbsolute)
            {
                boxes.ZeroTerminated(Scheme);
                boxes.ZeroTerminated(Value);
            }

            boxes.Bytes(Message);
        }
    }
}
