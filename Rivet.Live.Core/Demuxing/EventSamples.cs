using System.Buffers;
using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Demuxing;

/// <summary>Tracks whose samples are events: emib boxes (ISO/IEC 23001-18, <c>evte</c>), or emsg boxes as DASH-IF Ingest had them before that (<c>urim</c>).</summary>
internal static class EventSamples
{
    private static ReadOnlySpan<byte> DashEvents => "urn:mpeg:dash:event:2012"u8;

    /// <summary>True for such a track.</summary>
    public static bool AreOf(TrackDescription track) => track.Kind == TrackKind.Other
        && (track.SampleEntryType == "evte" || (track.SampleEntryType == "urim" && track.SampleEntry.Span.IndexOf(DashEvents) >= 0));

    /// <summary>Tells what a fragment's samples say, as far as it is no more and no larger than of emsg boxes; what is no box ends its sample.</summary>
    /// <param name="track">Such a track.</param>
    /// <param name="samples">Of one fragment.</param>
    /// <param name="payload">Where their bytes are.</param>
    /// <param name="limits">How many, and how large.</param>
    /// <param name="events">Where it is added.</param>
    public static void Tell(TrackDescription track, Sample[] samples, ReadOnlySpan<byte> payload, IngestLimits limits, List<IngestEvent> events)
    {
        int left = limits.MaxMessagesPerFragment;
        foreach (Sample sample in samples)
        {
            MediaTime shown = new(sample.PresentationTime, track.Timescale);
            BoxReader boxes = new(payload.Slice(sample.Offset, sample.Bytes));
            while (left > 0 && boxes.TryReadBox(out BoxHeader header, out ReadOnlySpan<byte> box) == OperationStatus.Done)
            {
                if (header.BoxBytes <= limits.MaxMessageBytes && Read(header, box, shown, limits) is { } message)
                {
                    events.Add(message);
                    left--;
                }
            }
        }
    }

    private static IngestEvent.Message? Read(in BoxHeader header, ReadOnlySpan<byte> box, MediaTime shown, IngestLimits limits)
    {
        if (header.Type == BoxType.Emsg && Emsg.TryRead(box, out Emsg? emsg) == OperationStatus.Done)
        {
            return HeldMessages.StartOf(emsg!, shown, limits) is { } start ? new IngestEvent.Message(emsg!, start) : null;
        }

        if (header.Type != BoxType.Emib || Emib.TryRead(box, out Emib? emib) != OperationStatus.Done
            || Int128.Abs((Int128)shown.Ticks + emib!.Delta) > (Int128)limits.MaxDecodeSeconds * shown.Timescale)
        {
            return null;
        }

        Emsg same = new(emib.Scheme, emib.Value, (uint)shown.Timescale, Time: 0, IsAbsolute: true, emib.Duration, emib.Id, emib.Message);
        return new IngestEvent.Message(same, shown with { Ticks = shown.Ticks + emib.Delta });
    }
}
