using System.Buffers;
using System.Buffers.Binary;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.MessagePack;

namespace Rivet.Live.Core.Isolation;

/// <summary>Makes frames of messages, for one connection.</summary>
internal sealed class MessageWriter
{
    private const int LengthBytes = sizeof(int);

    /// <summary>A buffer that a rare large frame has grown is not kept.</summary>
    private const int KeptBytesMax = 4 << 20;

    private readonly TrackWire _tracks = new();
    private ArrayBufferWriter<byte> _frame = new();

    /// <summary>The media in a message; null where there is none.</summary>
    public static Fragment? FragmentIn(Message message) => message switch
    {
        SourceSent sent => sent.Fragment,
        RenditionSent sent => sent.Fragment,
        _ => null,
    };

    /// <summary>A frame, its length in front. Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Frame(Message message)
    {
        _frame = _frame.Capacity > KeptBytesMax ? new ArrayBufferWriter<byte>() : _frame;
        _frame.ResetWrittenCount();
        _frame.GetSpan(LengthBytes)[..LengthBytes].Clear();
        _frame.Advance(LengthBytes);
        Write(new MessagePackWriter(_frame), message);
        if (!System.Runtime.InteropServices.MemoryMarshal.TryGetArray(_frame.WrittenMemory, out ArraySegment<byte> written))
        {
            throw new InvalidOperationException("The frame's buffer has no array.");
        }

        BinaryPrimitives.WriteUInt32BigEndian(written.AsSpan(0, LengthBytes), (uint)(written.Count - LengthBytes));
        return _frame.WrittenMemory;
    }

    private void Write(in MessagePackWriter output, Message message)
    {
        switch (message)
        {
            case ChildReady ready:
                Begin(output, MessageKind.ChildReady, 1);
                output.Write((long)ready.Version);
                break;
            case LadderBegun begun:
                Begin(output, MessageKind.LadderBegun, 2);
                output.Write((long)begun.Version);
                OrderWire.Write(output, begun.Order);
                break;
            case TrialBegun begun:
                Begin(output, MessageKind.TrialBegun, 3);
                output.Write((long)begun.Version);
                DeviceWire.Write(output, begun.Devices);
                output.Write((long)begun.Device);
                break;
            case TrialEnded ended:
                Begin(output, MessageKind.TrialEnded, 1);
                output.Write((int?)ended.Fault);
                break;
            case SearchBegun begun:
                Begin(output, MessageKind.SearchBegun, 2);
                output.Write((long)begun.Version);
                output.Write(begun.IsNvencDirect);
                break;
            case SearchEnded ended:
                Begin(output, MessageKind.SearchEnded, 1);
                DeviceWire.Write(output, ended.Findings);
                break;
            case SourceSent sent:
                Write(output, sent);
                break;
            case RenditionSent sent:
                Begin(output, MessageKind.RenditionSent, 1);
                _tracks.Write(output, sent.Rendition, sent.Fragment);
                break;
            case RenditionReported reported:
                Begin(output, MessageKind.RenditionReported, 2);
                output.Write(reported.Rendition);
                Write(output, reported.Report);
                break;
            case PanicCaught caught:
                Begin(output, MessageKind.PanicCaught, 2);
                output.Write(caught.Rendition);
                output.Write(caught.Phase);
                break;
            case LineLogged line:
                Begin(output, MessageKind.LineLogged, 5);
                output.Write(line.Level);
                output.Write(line.Category);
                output.Write((long)line.EventId);
                output.Write(line.Text);
                output.Write(line.Rendition);
                break;
            case ThumbnailSent thumbnail:
                Begin(output, MessageKind.ThumbnailSent, 1);
                output.Write(thumbnail.Jpeg.Span);
                break;
            case SourceEnded:
                Begin(output, MessageKind.SourceEnded, 0);
                break;
            case ChildAlive:
                Begin(output, MessageKind.ChildAlive, 0);
                break;
            case CallStuck stuck:
                Begin(output, MessageKind.CallStuck, 1);
                output.Write(stuck.Rendition);
                break;
            case BroadcastLost:
                Begin(output, MessageKind.BroadcastLost, 0);
                break;
            case LadderEnded:
                Begin(output, MessageKind.LadderEnded, 0);
                break;
            default:
                WriteLending(output, message);
                break;
        }
    }

    private static void WriteLending(in MessagePackWriter output, Message message)
    {
        switch (message)
        {
            case LeaseAsked asked:
                Begin(output, MessageKind.LeaseAsked, 3);
                output.Write((long)asked.Claim);
                Write(output, asked.Need);
                output.Write(asked.Waits);
                break;
            case LeaseAnswered answered:
                Begin(output, MessageKind.LeaseAnswered, 2);
                output.Write((long)answered.Claim);
                output.Write(answered.Device);
                break;
            case LeaseWithdrawn withdrawn:
                Begin(output, MessageKind.LeaseWithdrawn, 1);
                output.Write((long)withdrawn.Claim);
                break;
            case LeaseReturned returned:
                Begin(output, MessageKind.LeaseReturned, 1);
                output.Write((long)returned.Claim);
                break;
            case LeaseBlamed blamed:
                Begin(output, MessageKind.LeaseBlamed, 2);
                output.Write((long)blamed.Claim);
                output.Write(blamed.Fault);
                break;
            case LeaseProved proved:
                Begin(output, MessageKind.LeaseProved, 1);
                output.Write((long)proved.Claim);
                break;
            case DecoderAsked asked:
                Begin(output, MessageKind.DecoderAsked, 1);
                output.Write((long)asked.Number);
                break;
            case DecoderAnswered answered:
                Begin(output, MessageKind.DecoderAnswered, 2);
                output.Write((long)answered.Number);
                output.Write(answered.IsLent);
                break;
            case DecoderReturned returned:
                Begin(output, MessageKind.DecoderReturned, 1);
                output.Write(returned.IsFull);
                break;
            case DevicesWanted wanted:
                Begin(output, MessageKind.DevicesWanted, 1);
                Write(output, wanted.Devices);
                break;
            case DeviceWorked worked:
                Begin(output, MessageKind.DeviceWorked, 3);
                output.Write((long)worked.Device);
                output.Write(worked.Pixels);
                output.Write(worked.Seconds);
                break;
            default:
                WriteLoad(output, message);
                break;
        }
    }

    private static void WriteLoad(in MessagePackWriter output, Message message)
    {
        switch (message)
        {
            case RenditionShed shed:
                Begin(output, MessageKind.RenditionShed, 2);
                output.Write(shed.Rendition);
                output.Write(shed.IsShed);
                break;
            case RenditionRestarted restarted:
                Begin(output, MessageKind.RenditionRestarted, 1);
                output.Write(restarted.Rendition);
                break;
            case RenditionCosts costs:
                Begin(output, MessageKind.RenditionCosts, 2);
                output.Write(costs.Rendition);
                output.Write(costs.PixelsPerSecond);
                break;
            case ChunkStarted started:
                Begin(output, MessageKind.ChunkStarted, 2);
                output.Write(started.Rendition);
                output.Write(started.BehindSeconds);
                break;
            case MediaLeftOut leftOut:
                Begin(output, MessageKind.MediaLeftOut, 1);
                output.Write(leftOut.Rendition);
                break;
            default:
                throw new ArgumentException($"{message.GetType().Name} has no place on the wire.", nameof(message));
        }
    }

    private static void Begin(in MessagePackWriter output, MessageKind kind, int values)
    {
        output.WriteArrayHeader(values + 1);
        output.Write(kind);
    }

    private void Write(in MessagePackWriter output, SourceSent sent)
    {
        Begin(output, MessageKind.SourceSent, 3);
        _tracks.Write(output, "", sent.Fragment);
        output.WriteArrayHeader(sent.Segments.Count);
        foreach (SegmentStart segment in sent.Segments)
        {
            output.WriteArrayHeader(3);
            output.Write(segment.MediaSequence);
            output.Write(segment.Start);
            output.Write(segment.IsDiscontinuity);
        }

        output.WriteArrayHeader(sent.Absences.Count);
        foreach ((MediaTime from, MediaTime until) in sent.Absences)
        {
            output.WriteArrayHeader(2);
            output.Write(from);
            output.Write(until);
        }
    }

    private static void Write(in MessagePackWriter output, RenditionReport report)
    {
        output.WriteArrayHeader(7);
        output.Write(report.State);
        output.Write(report.IsShed);
        output.Write(report.Encoder);
        output.Write(report.Device);
        output.Write((long)report.QueuedChunks);
        Write(output, report.Counted);
        output.WriteArrayHeader(report.EncodeMilliseconds.Count);
        foreach (double milliseconds in report.EncodeMilliseconds)
        {
            output.Write(milliseconds);
        }
    }

    private static void Write(in MessagePackWriter output, in RenditionCounters counted)
    {
        output.WriteArrayHeader(11);
        output.Write(counted.FramesDecoded);
        output.Write(counted.FramesDropped);
        output.Write(counted.FramesDuplicated);
        output.Write(counted.ChunksEncoded);
        output.Write(counted.ChunksHelped);
        output.Write(counted.ChunksRequeued);
        output.Write(counted.EncoderRestarts);
        output.Write(counted.Failovers);
        output.Write(counted.LeaseWaitSeconds);
        output.Write(counted.MediaSeconds);
        output.Write(counted.BusySeconds);
    }

    private static void Write(in MessagePackWriter output, LeaseNeed need)
    {
        output.WriteArrayHeader(7);
        output.Write(need.Rendition);
        output.Write(need.Codec);
        output.Write((long)need.BitDepth);
        output.Write(need.PixelsPerSecond);
        Write(output, need.Retired);
        output.Write(need.Avoided);
        output.Write(need.MayFallBack);
    }

    private static void Write(in MessagePackWriter output, IReadOnlyList<int> numbers)
    {
        output.WriteArrayHeader(numbers.Count);
        foreach (int number in numbers)
        {
            output.Write((long)number);
        }
    }
}
