using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>elst — Edit List. In: edts. ISO/IEC 14496-12 §8.6.6.</summary>
/// <remarks>Only what a live stream can use is kept: the silence before the media begins, and where in the media it begins.</remarks>
/// <param name="EmptyDuration">Length of the leading empty edits, in the movie's timescale.</param>
/// <param name="MediaTime">Where the first edit with media starts, in the track's timescale; 0 where no edit has media.</param>
internal readonly record struct Elst(ulong EmptyDuration, long MediaTime)
{
    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out Elst elst)
    {
        FieldReader fields = FieldReader.OfFullBox(payload, out byte version, out _);
        ulong empty = 0;
        long? mediaStart = null;
        uint entries = fields.UInt32();
        for (uint index = 0; index < entries && fields.Status == OperationStatus.Done; index++)
        {
            ulong duration = fields.UInt32Or64(version);
            long mediaTime = version == 0 ? fields.Int32() : fields.Int64();
            fields.Skip(4); // rate
            if (mediaTime >= 0)
            {
                mediaStart ??= mediaTime;
            }
            else if (mediaStart is null)
            {
                empty = unchecked(empty + duration) < empty ? ulong.MaxValue : empty + duration;
            }
        }

        elst = new Elst(empty, mediaStart ?? 0);
        return fields.Status;
    }

    public void Write(BoxWriter boxes) => Write(boxes, duration: 0);

    /// <param name="boxes">Where to.</param>
    /// <param name="duration">Of the edit with media, in the movie's timescale; 0 where fragments follow: to the end.</param>
    public void Write(BoxWriter boxes, ulong duration)
    {
        using (boxes.OpenFull(BoxType.Elst, version: 1, flags: 0))
        {
            boxes.UInt32(EmptyDuration > 0 ? 2u : 1u);
            if (EmptyDuration > 0)
            {
                WriteEntry(boxes, EmptyDuration, mediaTime: -1);
            }

            WriteEntry(boxes, duration, MediaTime);
        }
    }

    private static void WriteEntry(BoxWriter boxes, ulong duration, long mediaTime)
    {
        boxes.UInt64(duration);
        boxes.UInt64((ulong)mediaTime);
        boxes.UInt32(0x00010000); // rate 1.0
    }
}
