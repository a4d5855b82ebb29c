using Microsoft.Extensions.Logging;
using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Drains;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.MessagePack;

namespace Rivet.Live.Core.Isolation;

/// <summary>Makes messages of frames, for one connection.</summary>
internal sealed class MessageReader
{
    private readonly TrackWire _tracks = new();

    /// <param name="frame">Borrowed; fragments in it get holds of their own.</param>
    /// <exception cref="InvalidDataException">It is no message: what was seen, and where.</exception>
    public Message Read(PayloadHold frame)
    {
        MessagePackReader input = new(frame.Memory.Span);
        try
        {
            int values = input.ReadArrayHeader() - 1;
            MessageKind kind = input.ReadEnum<MessageKind>();
            Message message = Read(ref input, kind, values, frame);
            if (input.End)
            {
                return message;
            }

            Drop(message);
            throw new InvalidDataException($"Saw more behind {kind} at byte {input.Consumed}.");
        }
        catch (MessagePackException malformed)
        {
            throw new InvalidDataException(malformed.Message, malformed);
        }
    }

    private Message Read(ref MessagePackReader input, MessageKind kind, int values, PayloadHold frame) => (kind, values) switch
    {
        (MessageKind.ChildReady, 1) => new ChildReady(input.ReadInt32()),
        (MessageKind.LadderBegun, 2) => new LadderBegun(input.ReadInt32(), OrderWire.Read(ref input)),
        (MessageKind.TrialBegun, 3) => new TrialBegun(input.ReadInt32(), DeviceWire.Read(ref input), input.ReadInt32()),
        (MessageKind.TrialEnded, 1) => new TrialEnded(input.TryReadNil() ? null : input.ReadEnum<EncoderFault>()),
        (MessageKind.SearchBegun, 2) => new SearchBegun(input.ReadInt32(), input.ReadBoolean()),
        (MessageKind.SearchEnded, 1) => new SearchEnded(DeviceWire.ReadFindings(ref input)),
        (MessageKind.SourceSent, 3) => ReadSource(ref input, frame),
        (MessageKind.RenditionSent, 1) => ReadRendition(ref input, frame),
        (MessageKind.RenditionReported, 2) => new RenditionReported(input.ReadText(), ReadReport(ref input)),
        (MessageKind.PanicCaught, 2) => new PanicCaught(input.ReadText(), input.ReadEnum<DrainPhase>()),
        (MessageKind.LineLogged, 5) => new LineLogged(input.ReadEnum<LogLevel>(), input.ReadText(), input.ReadInt32(), input.ReadText(), input.ReadString()),
        (MessageKind.SourceEnded, 0) => new SourceEnded(),
        (MessageKind.ChildAlive, 0) => new ChildAlive(),
        (MessageKind.CallStuck, 1) => new CallStuck(input.ReadText()),
        (MessageKind.ThumbnailSent, 1) => new ThumbnailSent(input.ReadBytes().ToArray()),
        (MessageKind.BroadcastLost, 0) => new BroadcastLost(),
        (MessageKind.LadderEnded, 0) => new LadderEnded(),
        (MessageKind.LeaseAsked, 3) => new LeaseAsked(input.ReadInt32(), ReadNeed(ref input), input.ReadBoolean()),
        (MessageKind.LeaseAnswered, 2) => new LeaseAnswered(input.ReadInt32(), input.ReadOptionalInt32()),
        (MessageKind.LeaseWithdrawn, 1) => new LeaseWithdrawn(input.ReadInt32()),
        (MessageKind.LeaseReturned, 1) => new LeaseReturned(input.ReadInt32()),
        (MessageKind.LeaseBlamed, 2) => new LeaseBlamed(input.ReadInt32(), input.ReadEnum<EncoderFault>()),
        (MessageKind.LeaseProved, 1) => new LeaseProved(input.ReadInt32()),
        (MessageKind.DecoderAsked, 1) => new DecoderAsked(input.ReadInt32()),
        (MessageKind.DecoderAnswered, 2) => new DecoderAnswered(input.ReadInt32(), input.ReadBoolean()),
        (MessageKind.DecoderReturned, 1) => new DecoderReturned(input.ReadBoolean()),
        (MessageKind.DevicesWanted, 1) => new DevicesWanted(ReadNumbers(ref input)),
        (MessageKind.DeviceWorked, 3) => new DeviceWorked(input.ReadInt32(), input.ReadDouble(), input.ReadDouble()),
        (MessageKind.RenditionShed, 2) => new RenditionShed(input.ReadText(), input.ReadBoolean()),
        (MessageKind.RenditionRestarted, 1) => new RenditionRestarted(input.ReadText()),
        (MessageKind.RenditionCosts, 2) => new RenditionCosts(input.ReadText(), input.ReadDouble()),
        (MessageKind.ChunkStarted, 2) => new ChunkStarted(input.ReadText(), input.ReadDouble()),
        (MessageKind.MediaLeftOut, 1) => new MediaLeftOut(input.ReadText()),
        _ => throw new InvalidDataException($"Saw {kind} with {values} values."),
    };

    private static void Drop(Message message) =>
        MessageWriter.FragmentIn(message)?.Dispose();

    private SourceSent ReadSource(ref MessagePackReader input, PayloadHold frame)
    {
        Fragment fragment = _tracks.Read(ref input, frame).Fragment;
        try
        {
            SegmentStart[] segments = new SegmentStart[input.ReadCount()];
            for (int index = 0; index < segments.Length; index++)
            {
                input.ReadItems(3);
                segments[index] = new SegmentStart(input.ReadInt64(), input.ReadTime(), input.ReadBoolean());
            }

            (MediaTime From, MediaTime Until)[] absences = new (MediaTime From, MediaTime Until)[input.ReadCount()];
            for (int index = 0; index < absences.Length; index++)
            {
                input.ReadItems(2);
                absences[index] = (input.ReadTime(), input.ReadTime());
            }

            return new SourceSent(fragment, segments, absences);
        }
        catch
        {
            fragment.Dispose();
            throw;
        }
    }

    private RenditionSent ReadRendition(ref MessagePackReader input, PayloadHold frame)
    {
        (string rendition, Fragment fragment) = _tracks.Read(ref input, frame);
        return new RenditionSent(rendition, fragment);
    }

    private static RenditionReport ReadReport(ref MessagePackReader input)
    {
        input.ReadItems(7);
        RenditionReport report = new(input.ReadEnum<RenditionState>(), input.ReadBoolean(), input.ReadString(), input.ReadString(), input.ReadInt32())
        {
            Counted = ReadCounters(ref input),
        };
        double[] milliseconds = new double[input.ReadCount()];
        for (int index = 0; index < milliseconds.Length; index++)
        {
            milliseconds[index] = input.ReadDouble();
        }

        return report with { EncodeMilliseconds = milliseconds };
    }

    private static RenditionCounters ReadCounters(ref MessagePackReader input)
    {
        input.ReadItems(11);
        return new RenditionCounters(
            input.ReadInt64(),
            input.ReadInt64(),
            input.ReadInt64(),
            input.ReadInt64(),
            input.ReadInt64(),
            input.ReadInt64(),
            input.ReadInt64(),
            input.ReadInt64(),
            input.ReadDouble(),
            input.ReadDouble(),
            input.ReadDouble());
    }

    private static LeaseNeed ReadNeed(ref MessagePackReader input)
    {
        input.ReadItems(7);
        return new LeaseNeed(
            input.ReadText(),
            input.ReadEnum<VideoCodec>(),
            input.ReadInt32(),
            input.ReadDouble(),
            ReadNumbers(ref input),
            input.ReadOptionalInt32(),
            input.ReadBoolean());
    }

    private static int[] ReadNumbers(ref MessagePackReader input)
    {
        int[] numbers = new int[input.ReadCount()];
        for (int index = 0; index < numbers.Length; index++)
        {
            numbers[index] = input.ReadInt32();
        }

        return numbers;
    }
}
