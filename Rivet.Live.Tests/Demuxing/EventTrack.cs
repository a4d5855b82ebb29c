using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;

namespace Rivet.Live.Tests.Demuxing;

/// <summary>A CMAF event message track, as encoders push one beside their picture. A tick is a millisecond.</summary>
internal static class EventTrack
{
    private static readonly TrackDescription Events =
        SyntheticStream.Describe(TrackKind.Other, SyntheticStream.Box("evte", 0, 0, 0, 0, 0, 0, 0, 1)) with { SampleEntryType = "evte" };

    /// <summary>ftyp and moov of the track with id 1.</summary>
    public static byte[] Init()
    {
        byte[] init = InitSegmentWriter.Write(Events);
        "meta"u8.CopyTo(init.AsSpan(init.AsSpan().IndexOf("vide"u8)));
        return init;
    }

    /// <summary>A moof and mdat of one sample.</summary>
    public static byte[] Part(long start, int milliseconds, params Emib[] events)
    {
        BoxWriter boxes = new();
        boxes.Bytes(SyntheticStream.Box("emeb"));
        foreach (Emib said in events)
        {
            said.Write(boxes);
        }

        PayloadPool pool = new();
        Sample sample = new(start, 0, milliseconds, IsSync: true, 0, boxes.WrittenMemory.Length);
        using Fragment fragment = new(Events, [sample], pool.Copy(boxes.WrittenMemory.Span), receivedAt: 1);
        using PayloadHold part = PartWriter.Write(pool, 1, TrackKind.Audio, [new PartSample(sample, fragment)]);
        return part.Memory.ToArray();
    }
}
