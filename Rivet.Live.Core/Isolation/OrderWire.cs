using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.MessagePack;

namespace Rivet.Live.Core.Isolation;

/// <summary>What a child is told to do, on the wire.</summary>
internal static class OrderWire
{
    public static void Write(in MessagePackWriter output, LadderOrder order)
    {
        output.WriteArrayHeader(10);
        output.Write(order.Broadcast.ToString());
        output.WriteArrayHeader(order.Renditions.Count);
        foreach (Rendition rendition in order.Renditions)
        {
            Write(output, rendition);
        }

        Write(output, order.Limits);
        output.Write(order.Fallback);
        Write(output, order.Tuning);
        output.Write((long)order.EncoderThreadsMax);
        output.Write(order.CallMax);
        DeviceWire.Write(output, order.Devices);
        output.WriteArrayHeader(order.Resumes.Count);
        foreach ((string rendition, RenditionResume resume) in order.Resumes)
        {
            Write(output, rendition, resume);
        }

        output.Write(order.Shed);
    }

    /// <exception cref="InvalidDataException">It is no order.</exception>
    public static LadderOrder Read(ref MessagePackReader input)
    {
        input.ReadItems(10);
        return new LadderOrder
        {
            Broadcast = BroadcastId.TryParse(input.ReadText(), out BroadcastId broadcast) ? broadcast : throw new InvalidDataException("Saw no broadcast's name."),
            Renditions = ReadRenditions(ref input),
            Limits = ReadLimits(ref input),
            Fallback = input.ReadEnum<EncoderFallback>(),
            Tuning = ReadTuning(ref input),
            EncoderThreadsMax = input.ReadInt32(),
            CallMax = input.ReadSpan(),
            Devices = DeviceWire.Read(ref input),
            Resumes = ReadResumes(ref input),
            Shed = input.ReadTexts(),
        };
    }

    private static void Write(in MessagePackWriter output, Rendition rendition)
    {
        output.WriteArrayHeader(5);
        output.Write(rendition.Name);
        output.Write((long)rendition.Height);
        output.Write((long)rendition.VideoBitrateBps);
        output.Write(rendition.MaxFrameRate);
        output.Write(rendition.Codec);
    }

    private static Rendition[] ReadRenditions(ref MessagePackReader input)
    {
        Rendition[] renditions = new Rendition[input.ReadCount()];
        for (int index = 0; index < renditions.Length; index++)
        {
            input.ReadItems(5);
            renditions[index] = new Rendition(
                input.ReadText(), input.ReadInt32(), input.ReadInt32(), input.ReadOptionalDouble(), input.ReadEnum<VideoCodec>());
        }

        return renditions;
    }

    private static void Write(in MessagePackWriter output, FeedLimits limits)
    {
        output.WriteArrayHeader(7);
        output.Write((long)limits.WindowPictures);
        output.Write(limits.LateAfter);
        output.Write(limits.StuckAfter);
        output.Write(limits.BehindMax);
        output.Write(limits.KeptMax);
        output.Write(limits.HelpedAfter);
        output.Write(limits.HeldMax);
    }

    private static FeedLimits ReadLimits(ref MessagePackReader input)
    {
        input.ReadItems(7);
        return new FeedLimits(
            input.ReadInt32(), input.ReadSpan(), input.ReadSpan(), input.ReadSpan(), input.ReadSpan(), input.ReadSpan(), input.ReadSpan());
    }

    private static void Write(in MessagePackWriter output, EncoderTuning tuning)
    {
        output.WriteArrayHeader(4);
        output.Write((int?)tuning.Target);
        output.Write(tuning.Tier);
        output.Write(tuning.ConstantQuantizer);
        output.WriteArrayHeader(3 * tuning.Options.Count);
        foreach (EncoderOption option in tuning.Options)
        {
            output.Write(option.Encoder);
            output.Write(option.Name);
            output.Write(option.Value);
        }
    }

    private static EncoderTuning ReadTuning(ref MessagePackReader input)
    {
        input.ReadItems(4);
        QualityTarget? target = input.TryReadNil() ? null : input.ReadEnum<QualityTarget>();
        SpeedTier tier = input.ReadEnum<SpeedTier>();
        int? quantizer = input.ReadOptionalInt32();
        EncoderOption[] options = new EncoderOption[input.ReadCount() / 3];
        for (int index = 0; index < options.Length; index++)
        {
            options[index] = new EncoderOption(input.ReadText(), input.ReadText(), input.ReadText());
        }

        return new EncoderTuning { Target = target, Tier = tier, ConstantQuantizer = quantizer, Options = options };
    }

    private static void Write(in MessagePackWriter output, string rendition, RenditionResume resume)
    {
        output.WriteArrayHeader(4);
        output.Write(rendition);
        output.Write(resume.From);
        if (resume.Published is { } published)
        {
            TrackWire.WriteTrack(output, published.Track);
            output.Write(published.End);
        }
        else
        {
            output.WriteNil();
            output.WriteNil();
        }
    }

    private static Dictionary<string, RenditionResume> ReadResumes(ref MessagePackReader input)
    {
        Dictionary<string, RenditionResume> resumes = [];
        for (int left = input.ReadCount(); left > 0; left--)
        {
            input.ReadItems(4);
            string rendition = input.ReadText();
            MediaTime from = input.ReadTime();
            TrackDescription? track = input.TryReadNil() ? null : TrackWire.ReadTrack(ref input);
            MediaTime? end = input.TryReadNil() ? null : input.ReadTime();
            resumes[rendition] = new RenditionResume(from, track is not null && end is { } until ? new PublishedMedia(track, until) : null);
        }

        return resumes;
    }
}
