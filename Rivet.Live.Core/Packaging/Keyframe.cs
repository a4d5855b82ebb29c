using System.Buffers;
using Rivet.Live.Core.Boxes;

namespace Rivet.Live.Core.Packaging;

/// <summary>The first sample of a segment, for I-frame playlists: where its bytes lie, and a fragment of just it.</summary>
/// <param name="DecodeTime">tfdt of the segment.</param>
/// <param name="Entry">Duration, size, flags and composition offset; of size 0 where the segment is a gap.</param>
/// <param name="Offset">Where in the segment its bytes begin.</param>
internal readonly record struct Keyframe(ulong DecodeTime, TrunEntry Entry, int Offset)
{
    /// <summary>False where a decoder cannot begin with it, or there is nothing.</summary>
    public bool IsPicture => Entry.Size > 0 && SampleFlags.IsSync(Entry.Flags);

    /// <param name="segment">The beginning of a segment of ours, at least to the end of its first moof.</param>
    /// <param name="keyframe">What is found.</param>
    public static bool TryFind(ReadOnlySpan<byte> segment, out Keyframe keyframe)
    {
        keyframe = default;
        BoxReader boxes = new(segment);
        while (true)
        {
            int start = boxes.Consumed;
            if (boxes.TryReadBox(out BoxHeader header, out ReadOnlySpan<byte> payload) != OperationStatus.Done)
            {
                return false;
            }

            if (header.Type == BoxType.Moof)
            {
                return TryReadFragment(payload, start, out keyframe);
            }
        }
    }

    /// <summary>A moof and an mdat of this sample alone; where there is no picture, of none.</summary>
    public ReadOnlyMemory<byte> Write(ReadOnlySpan<byte> sample)
    {
        if (!IsPicture)
        {
            return GapSegment.Write((long)DecodeTime);
        }

        const TrunFields Fields = TrunFields.Duration | TrunFields.Size | TrunFields.Flags | TrunFields.CompositionOffset;
        Tfhd tfhd = new(PartWriter.TrackId, DefaultBaseIsMoof: true);
        Trun trun = new(1, Fields, DataOffset: 0, FirstSampleFlags: null);
        int trafBytes = PartWriter.BoxHeaderBytes + tfhd.BoxBytes + Tfdt.BoxBytes + (int)trun.BoxBytes;
        int moofBytes = PartWriter.BoxHeaderBytes + PartWriter.MfhdBytes + trafBytes;
        BoxWriter boxes = new();
        using (boxes.Open(BoxType.Moof))
        {
            new Mfhd(1).Write(boxes);
            using (boxes.Open(BoxType.Traf))
            {
                tfhd.Write(boxes);
                new Tfdt(DecodeTime).Write(boxes);
                using ((trun with { DataOffset = moofBytes + PartWriter.BoxHeaderBytes }).Open(boxes, hasSignedOffsets: Entry.CompositionOffset < 0))
                {
                    Entry.Write(boxes, Fields);
                }
            }
        }

        using (boxes.Open(BoxType.Mdat))
        {
            boxes.Bytes(sample);
        }

        return boxes.WrittenMemory;
    }

    private static bool TryReadFragment(ReadOnlySpan<byte> moof, int moofStart, out Keyframe keyframe)
    {
        Tfhd tfhd = default;
        Tfdt tfdt = default;
        keyframe = default;
        BoxReader boxes = new(moof);
        while (boxes.TryReadBox(out BoxHeader header, out ReadOnlySpan<byte> payload) == OperationStatus.Done)
        {
            if (header.Type == BoxType.Traf)
            {
                boxes = new BoxReader(payload);
            }
            else if (header.Type == BoxType.Tfhd)
            {
                Tfhd.TryRead(payload, out tfhd);
            }
            else if (header.Type == BoxType.Tfdt)
            {
                Tfdt.TryRead(payload, out tfdt);
            }
            else if (header.Type == BoxType.Trun && Trun.TryRead(payload, out Trun trun) == OperationStatus.Done)
            {
                TrunEntry defaults = new(tfhd.Duration ?? 0, tfhd.Size ?? 0, tfhd.Flags ?? 0, 0);
                TrunEntry entry = trun.SampleCount > 0 ? new TrunEntryReader(trun, payload, defaults).Next() : default;
                keyframe = new Keyframe(tfdt.BaseMediaDecodeTime, entry, moofStart + (trun.DataOffset ?? 0));
                return true;
            }
        }

        return false;
    }
}
