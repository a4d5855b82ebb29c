using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>trun — Track Fragment Run. In: traf. ISO/IEC 14496-12 §8.8.8.</summary>
/// <remarks>This is what stands before the samples; <see cref="TrunEntryReader"/> reads those.</remarks>
/// <param name="SampleCount">Samples in the run.</param>
/// <param name="Fields">What each sample has of its own.</param>
/// <param name="DataOffset">Where the run's data begins, counted from the traf's base; absent: right after the run before.</param>
/// <param name="FirstSampleFlags">Flags of the first sample, where they differ from the rest.</param>
internal readonly record struct Trun(uint SampleCount, TrunFields Fields, int? DataOffset, uint? FirstSampleFlags)
{
    private const uint HasDataOffset = 0x000001;
    private const uint HasFirstSampleFlags = 0x000004;

    /// <summary>Bytes from the payload's start to the first sample.</summary>
    public int PrefixBytes => 8 + (DataOffset is null ? 0 : 4) + (FirstSampleFlags is null ? 0 : 4);

    /// <summary>Bytes that one sample takes; 0 where every field is a default.</summary>
    public int EntryBytes => EntryBytesOf(Fields);

    /// <summary>Bytes of the whole box.</summary>
    public long BoxBytes => 8 + PrefixBytes + ((long)SampleCount * EntryBytes);

    /// <summary>Done only where all the declared samples are there.</summary>
    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out Trun trun)
    {
        FieldReader fields = FieldReader.OfFullBox(payload, out _, out uint flags);
        trun = new Trun(
            fields.UInt32(),
            (TrunFields)flags & TrunFields.All,
            (flags & HasDataOffset) != 0 ? fields.Int32() : null,
            (flags & HasFirstSampleFlags) != 0 ? fields.UInt32() : null);

        return fields.Status == OperationStatus.Done && (long)trun.SampleCount * trun.EntryBytes > fields.Remaining
            ? OperationStatus.NeedMoreData
            : fields.Status;
    }

    /// <summary>Begins the box; the caller writes <see cref="SampleCount"/> entries before it disposes the scope.</summary>
    /// <param name="boxes">Where to.</param>
    /// <param name="hasSignedOffsets">Version 1, where composition offsets may be negative.</param>
    public BoxScope Open(BoxWriter boxes, bool hasSignedOffsets)
    {
        uint flags = (uint)Fields
            | (DataOffset is null ? 0 : HasDataOffset)
            | (FirstSampleFlags is null ? 0 : HasFirstSampleFlags);

        BoxScope scope = boxes.OpenFull(BoxType.Trun, hasSignedOffsets ? (byte)1 : (byte)0, flags);
        boxes.UInt32(SampleCount);
        if (DataOffset is int dataOffset)
        {
            boxes.Int32(dataOffset);
        }

        if (FirstSampleFlags is uint firstSampleFlags)
        {
            boxes.UInt32(firstSampleFlags);
        }

        return scope;
    }

    private static int EntryBytesOf(TrunFields fields) => 4 * System.Numerics.BitOperations.PopCount((uint)fields);
}
