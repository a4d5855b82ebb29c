using System.Buffers;
using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;

namespace Rivet.Live.Tests.Packaging;

/// <summary>Keeps everything that a packager makes.</summary>
internal sealed class RecordingSink : IPartSink, IDisposable
{
    public List<(int Number, TrackDescription Track)> Inits { get; } = [];

    public List<SegmentHead> Segments { get; } = [];

    public List<(SegmentHead Head, double Seconds)> Lost { get; } = [];

    public List<Part> Parts { get; } = [];

    public int Ends { get; private set; }

    public IEnumerable<Part> PartsOf(SegmentHead segment) => Parts.Where(part => part.MediaSequence == segment.MediaSequence);

    /// <summary>The part's own word for when it begins.</summary>
    public static long DecodeTimeOf(Part part) => (long)Read(part).Tfdt.BaseMediaDecodeTime;

    /// <summary>The durations that the part gives its samples, together.</summary>
    public static long TicksOf(Part part) => Read(part).Ticks;

    public void InitMade(int initNumber, TrackDescription track, ReadOnlyMemory<byte> init) => Inits.Add((initNumber, track));

    public void SegmentBegun(SegmentHead head) => Segments.Add(head);

    public void SegmentLost(SegmentHead head, double durationSeconds) => Lost.Add((head, durationSeconds));

    public void PartMade(Part part) => Parts.Add(part);

    public int Late { get; private set; }

    public void SampleLate() => Late++;

    public void Ended() => Ends++;

    public void Dispose() => Parts.ForEach(static part => part.Dispose());

    private static (Tfdt Tfdt, long Ticks) Read(Part part)
    {
        if (part.IsGap)
        {
            return (new Tfdt((ulong)part.Start.Ticks), part.DurationTicks);
        }

        Tfdt tfdt = default;
        Tfhd tfhd = default;
        long ticks = 0;
        new BoxReader(part.Payload.Memory.Span).TryReadBox(out _, out ReadOnlySpan<byte> moof);
        BoxReader boxes = new(moof);
        boxes.TryReadBox(out _, out _);
        boxes.TryReadBox(out _, out ReadOnlySpan<byte> traf);
        BoxReader children = new(traf);
        while (children.TryReadBox(out BoxHeader child, out ReadOnlySpan<byte> payload) == OperationStatus.Done)
        {
            if (child.Type == BoxType.Tfhd)
            {
                Tfhd.TryRead(payload, out tfhd);
            }
            else if (child.Type == BoxType.Tfdt)
            {
                Tfdt.TryRead(payload, out tfdt);
            }
            else
            {
                Trun.TryRead(payload, out Trun trun);
                TrunEntryReader entries = new(trun, payload, new TrunEntry(tfhd.Duration ?? 0, tfhd.Size ?? 0, tfhd.Flags ?? 0, 0));
                for (uint entry = 0; entry < trun.SampleCount; entry++)
                {
                    ticks += entries.Next().Duration;
                }
            }
        }

        return (tfdt, ticks);
    }
}
