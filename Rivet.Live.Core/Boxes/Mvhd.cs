using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>mvhd — Movie Header. In: moov. ISO/IEC 14496-12 §8.2.2.</summary>
/// <param name="Timescale">Ticks per second of durations in the movie, edit lists among them.</param>
/// <param name="NextTrackId">Greater than every track's id.</param>
internal readonly record struct Mvhd(uint Timescale, uint NextTrackId)
{
    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out Mvhd mvhd)
    {
        FieldReader fields = FieldReader.OfFullBox(payload, out byte version, out _);
        fields.UInt32Or64(version); // creation time
        fields.UInt32Or64(version); // modification time
        uint timescale = fields.UInt32();
        fields.UInt32Or64(version); // duration
        fields.Skip(4 + 2 + 10 + 36 + 24); // rate, volume, reserved, matrix, pre-defined
        mvhd = new Mvhd(timescale, fields.UInt32());
        return fields.Status;
    }

    public void Write(BoxWriter boxes) => Write(boxes, duration: 0);

    /// <param name="boxes">Where to.</param>
    /// <param name="duration">Of the longest track, in <see cref="Timescale"/>; 0 where fragments follow, so that it is unknown.</param>
    public void Write(BoxWriter boxes, ulong duration)
    {
        byte version = BoxWriter.VersionFor(duration);
        using (boxes.OpenFull(BoxType.Mvhd, version, flags: 0))
        {
            boxes.UInt32Or64(version, 0); // creation time
            boxes.UInt32Or64(version, 0); // modification time
            boxes.UInt32(Timescale);
            boxes.UInt32Or64(version, duration);
            boxes.UInt32(0x00010000); // rate 1.0
            boxes.UInt16(0x0100); // volume 1.0
            boxes.Zeros(10);
            boxes.UnityMatrix();
            boxes.Zeros(24);
            boxes.UInt32(NextTrackId);
        }
    }
}
