using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>tfhd — Track Fragment Header. In: traf. ISO/IEC 14496-12 §8.8.7.</summary>
/// <param name="TrackId">Whose samples the traf has.</param>
/// <param name="BaseDataOffset">What data offsets count from, as a position in the file.</param>
/// <param name="SampleDescriptionIndex">Counted from 1; absent: as in trex.</param>
/// <param name="Duration">Of samples that have none of their own; absent: as in trex.</param>
/// <param name="Size">Of samples that have none of their own; absent: as in trex.</param>
/// <param name="Flags">Of samples that have none of their own; absent: as in trex.</param>
/// <param name="DefaultBaseIsMoof">Data offsets count from the moof.</param>
internal readonly record struct Tfhd(
    uint TrackId,
    ulong? BaseDataOffset = null,
    uint? SampleDescriptionIndex = null,
    uint? Duration = null,
    uint? Size = null,
    uint? Flags = null,
    bool DefaultBaseIsMoof = false)
{
    private const uint HasBaseDataOffset = 0x000001;
    private const uint HasSampleDescriptionIndex = 0x000002;
    private const uint HasDuration = 0x000008;
    private const uint HasSize = 0x000010;
    private const uint HasFlags = 0x000020;
    private const uint IsBasedOnMoof = 0x020000;

    /// <summary>Bytes that <see cref="Write"/> takes.</summary>
    public int BoxBytes => 16
        + (BaseDataOffset is null ? 0 : 8)
        + (SampleDescriptionIndex is null ? 0 : 4)
        + (Duration is null ? 0 : 4)
        + (Size is null ? 0 : 4)
        + (Flags is null ? 0 : 4);

    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out Tfhd tfhd)
    {
        FieldReader fields = FieldReader.OfFullBox(payload, out _, out uint flags);
        tfhd = new Tfhd(
            fields.UInt32(),
            (flags & HasBaseDataOffset) != 0 ? fields.UInt64() : null,
            (flags & HasSampleDescriptionIndex) != 0 ? fields.UInt32() : null,
            (flags & HasDuration) != 0 ? fields.UInt32() : null,
            (flags & HasSize) != 0 ? fields.UInt32() : null,
            (flags & HasFlags) != 0 ? fields.UInt32() : null,
            (flags & IsBasedOnMoof) != 0);
        return fields.Status;
    }

    public void Write(BoxWriter boxes)
    {
        uint flags = (BaseDataOffset is null ? 0 : HasBaseDataOffset)
            | (SampleDescriptionIndex is null ? 0 : HasSampleDescriptionIndex)
            | (Duration is null ? 0 : HasDuration)
            | (Size is null ? 0 : HasSize)
            | (Flags is null ? 0 : HasFlags)
            | (DefaultBaseIsMoof ? IsBasedOnMoof : 0);

        using (boxes.OpenFull(BoxType.Tfhd, version: 0, flags))
        {
            boxes.UInt32(TrackId);
            if (BaseDataOffset is ulong baseDataOffset)
            {
                boxes.UInt64(baseDataOffset);
            }

            WriteOptional(boxes, SampleDescriptionIndex);
            WriteOptional(boxes, Duration);
            WriteOptional(boxes, Size);
            WriteOptional(boxes, Flags);
        }
    }

    private static void WriteOptional(BoxWriter boxes, uint? field)
    {
        if (field is uint value)
        {
            boxes.UInt32(value);
        }
    }
}
