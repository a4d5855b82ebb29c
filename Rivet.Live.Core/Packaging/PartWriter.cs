using System.Diagnostics;

using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Packaging;

/// <summary>Writes samples of one track as one CMAF chunk: a moof and its mdat. ISO/IEC 23000-19 §7.3.2.3.</summary>
internal static class PartWriter
{
    /// <summary>The track id in every init segment and part: there is one track in each.</summary>
    public const uint TrackId = 1;

    public const int BoxHeaderBytes = 8;
    public const int MfhdBytes = 16;

    /// <summary>Writes the samples, in decode order and of one init, into memory of exactly their size.</summary>
    /// <param name="pool">Lends the memory; the caller disposes the hold.</param>
    /// <param name="sequenceNumber">Counts the parts of a track, from 1.</param>
    /// <param name="kind">What the track is.</param>
    /// <param name="samples">At least one. What of them lies before zero, where tfdt cannot point, is cut off their durations.</param>
    /// <param name="trackId">The track's number, in files that have several.</param>
    public static PayloadHold Write(PayloadPool pool, uint sequenceNumber, TrackKind kind, ReadOnlySpan<PartSample> samples, uint trackId = TrackId)
    {
        ArgumentOutOfRangeException.ThrowIfZero(samples.Length);
        long start = Math.Max(0, samples[0].Sample.DecodeTime);
        Tfhd tfhd = FindDefaults(kind, samples, out TrunFields fields, out uint? firstSampleFlags) with { TrackId = trackId };
        Trun trun = new((uint)samples.Length, fields, DataOffset: 0, firstSampleFlags);
        int trafBytes = checked((int)(BoxHeaderBytes + tfhd.BoxBytes + Tfdt.BoxBytes + trun.BoxBytes));
        int moofBytes = BoxHeaderBytes + MfhdBytes + trafBytes;
        int mediaBytes = CountBytes(samples);
        trun = trun with { DataOffset = moofBytes + BoxHeaderBytes };

        PayloadHold part = pool.Rent(checked(moofBytes + BoxHeaderBytes + mediaBytes));
        BoxWriter boxes = new(part.Writable);
        using (boxes.Open(BoxType.Moof))
        {
            new Mfhd(sequenceNumber).Write(boxes);
            using (boxes.Open(BoxType.Traf))
            {
                tfhd.Write(boxes);
                new Tfdt((ulong)start).Write(boxes);
                WriteRun(boxes, trun, kind, samples);
            }
        }

        using (boxes.Open(BoxType.Mdat))
        {
            foreach (ref readonly PartSample sample in samples)
            {
                boxes.Bytes(sample.Source.BytesOf(sample.Sample));
            }
        }

        Debug.Assert(boxes.Written == part.Memory.Length, "The part's size was worked out wrongly.");
        return part;
    }

    private static void WriteRun(BoxWriter boxes, in Trun trun, TrackKind kind, ReadOnlySpan<PartSample> samples)
    {
        bool hasSignedOffsets = (trun.Fields & TrunFields.CompositionOffset) != 0 && HasNegativeOffset(samples);
        using (trun.Open(boxes, hasSignedOffsets))
        {
            for (int index = 0; index < samples.Length; index++)
            {
                EntryOf(samples, index, kind).Write(boxes, trun.Fields);
            }
        }
    }

    /// <summary>Says once what all samples share, and lists what they do not.</summary>
    private static Tfhd FindDefaults(TrackKind kind, ReadOnlySpan<PartSample> samples, out TrunFields fields, out uint? firstSampleFlags)
    {
        TrunEntry first = EntryOf(samples, 0, kind);
        TrunEntry second = samples.Length > 1 ? EntryOf(samples, 1, kind) : first;
        bool isUniformAfterFirst = true;
        fields = TrunFields.None;
        for (int index = 0; index < samples.Length; index++)
        {
            TrunEntry entry = EntryOf(samples, index, kind);
            isUniformAfterFirst &= index == 0 || entry.Flags == second.Flags;
            fields |= entry.Duration != first.Duration ? TrunFields.Duration : 0;
            fields |= entry.Size != first.Size ? TrunFields.Size : 0;
            fields |= entry.CompositionOffset != 0 ? TrunFields.CompositionOffset : 0;
        }

        // A keyframe and then none is the usual part: that needs the first sample's flags only.
        fields |= isUniformAfterFirst ? 0 : TrunFields.Flags;
        firstSampleFlags = isUniformAfterFirst && first.Flags != second.Flags ? first.Flags : null;
        return new Tfhd(
            TrackId,
            Duration: (fields & TrunFields.Duration) == 0 ? first.Duration : null,
            Size: (fields & TrunFields.Size) == 0 ? first.Size : null,
            Flags: isUniformAfterFirst ? second.Flags : null,
            DefaultBaseIsMoof: true);
    }

    /// <summary>A sample lasts until the next one in the part begins, so that a gap the publisher left moves nothing after it.</summary>
    private static TrunEntry EntryOf(ReadOnlySpan<PartSample> samples, int index, TrackKind kind)
    {
        Sample sample = samples[index].Sample;
        long end = index + 1 < samples.Length ? samples[index + 1].Sample.DecodeTime : sample.DecodeEnd;
        long duration = Math.Clamp(end - Math.Max(0, sample.DecodeTime), 0, int.MaxValue);
        uint flags = sample.IsSync || kind == TrackKind.Audio ? SampleFlags.Sync : SampleFlags.NonSync;
        return new TrunEntry((uint)duration, (uint)sample.Bytes, flags, sample.CompositionOffset);
    }

    private static bool HasNegativeOffset(ReadOnlySpan<PartSample> samples)
    {
        foreach (ref readonly PartSample sample in samples)
        {
            if (sample.Sample.CompositionOffset < 0)
            {
                return true;
            }
        }

        return false;
    }

    private static int CountBytes(ReadOnlySpan<PartSample> samples)
    {
        int bytes = 0;
        foreach (ref readonly PartSample sample in samples)
        {
            bytes = checked(bytes + sample.Sample.Bytes);
        }

        return bytes;
    }
}
