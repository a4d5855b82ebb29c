using Rivet.Live.Core.Broadcast;
using Rivet.Live.Core.Buffers;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.MessagePack;

namespace Rivet.Live.Core.Isolation;

/// <summary>Tracks and their fragments on the wire. One side of one connection: an init is said once, and again when it has changed.</summary>
/// <remarks>Times of arrival are those of the machine's clock, which all processes share.</remarks>
internal sealed class TrackWire
{
    private readonly Dictionary<string, TrackDescription> _tracks = [];

    /// <param name="output">Where to.</param>
    /// <param name="name">Of the track on this connection.</param>
    /// <param name="fragment">Borrowed.</param>
    public void Write(in MessagePackWriter output, string name, Fragment fragment)
    {
        output.WriteArrayHeader(10);
        output.Write(name);
        if (_tracks.GetValueOrDefault(name) == fragment.Track)
        {
            output.WriteNil();
        }
        else
        {
            _tracks[name] = fragment.Track;
            WriteTrack(output, fragment.Track);
        }

        output.Write(fragment.IsDiscontinuity);
        output.Write(fragment.ReceivedAt);
        output.Write(fragment.Arrival.FirstByteAt);
        output.Write(fragment.Arrival.ProducedAt);
        output.Write(fragment.DecodedAt);
        output.WriteArrayHeader(fragment.IsAbsence ? 2 : 0);
        if (fragment.IsAbsence)
        {
            output.Write(fragment.Start);
            output.Write(fragment.End);
        }

        output.WriteArrayHeader(5 * fragment.Samples.Length);
        foreach (Sample sample in fragment.Samples)
        {
            output.Write(sample.DecodeTime);
            output.Write((long)sample.CompositionOffset);
            output.Write((long)sample.Duration);
            output.Write(sample.IsSync);
            output.Write((long)sample.Bytes);
        }

        output.WriteBinHeader(fragment.PayloadBytes);
        foreach (Sample sample in fragment.Samples)
        {
            output.WriteRaw(fragment.BytesOf(sample));
        }
    }

    /// <summary>A fragment that lies in its frame.</summary>
    /// <param name="input">Where from; the fragment's bytes are those of the frame.</param>
    /// <param name="frame">What is read; the fragment gets a hold of its own.</param>
    /// <exception cref="InvalidDataException">It is no such fragment.</exception>
    public (string Name, Fragment Fragment) Read(ref MessagePackReader input, PayloadHold frame)
    {
        input.ReadItems(10);
        string name = input.ReadText();
        if (!input.TryReadNil())
        {
            _tracks[name] = ReadTrack(ref input);
        }

        TrackDescription track = _tracks.GetValueOrDefault(name) ?? throw new InvalidDataException($"Saw media of {name} before its init.");
        bool isDiscontinuity = input.ReadBoolean();
        long receivedAt = input.ReadInt64();
        FragmentArrival arrival = new(input.ReadInt64(), receivedAt, input.ReadOptionalMoment());
        long? decodedAt = input.ReadOptionalInt64();
        (MediaTime Start, MediaTime End)? absent = ReadAbsence(ref input);
        Sample[] samples = new Sample[input.ReadCount() / 5];
        for (int index = 0; index < samples.Length; index++)
        {
            samples[index] = new Sample(input.ReadInt64(), input.ReadInt32(), input.ReadInt32(), input.ReadBoolean(), 0, input.ReadInt32());
        }

        int payloadBytes = input.ReadBytes().Length;
        Place(samples, input.Consumed - payloadBytes, payloadBytes);
        if (absent is ({ } start, { } end))
        {
            return (name, Fragment.Absence(track, start, end, receivedAt));
        }

        return samples.Length > 0
            ? (name, new Fragment(track, samples, frame.Share(), arrival) { IsDiscontinuity = isDiscontinuity, DecodedAt = decodedAt })
            : throw new InvalidDataException($"Saw a fragment of {name} with neither samples nor an absence.");
    }

    public static void WriteTrack(in MessagePackWriter output, TrackDescription track)
    {
        output.WriteArrayHeader(11);
        output.Write(track.Kind);
        output.Write((long)track.Timescale);
        output.Write(track.SampleEntryType);
        output.Write(track.Codec);
        output.Write(track.SampleEntry.Span);
        output.Write(track.CodecConfiguration.Span);
        output.Write((long)track.Width);
        output.Write((long)track.Height);
        output.Write((long)track.SampleRate);
        output.Write((long)track.Channels);
        output.Write(track.Language);
    }

    /// <exception cref="InvalidDataException">It is no track.</exception>
    public static TrackDescription ReadTrack(ref MessagePackReader input)
    {
        input.ReadItems(11);
        TrackDescription track = new()
        {
            Kind = input.ReadEnum<TrackKind>(),
            Timescale = input.ReadInt32(),
            SampleEntryType = input.ReadText(),
            Codec = input.ReadText(),
            SampleEntry = input.ReadBytes().ToArray(),
            CodecConfiguration = input.ReadBytes().ToArray(),
            Width = input.ReadInt32(),
            Height = input.ReadInt32(),
            SampleRate = input.ReadInt32(),
            Channels = input.ReadInt32(),
            Language = input.ReadText(),
        };
        return track.Timescale > 0 ? track : throw new InvalidDataException($"Saw timescale {track.Timescale}; expected 1 or more.");
    }

    private static (MediaTime Start, MediaTime End)? ReadAbsence(ref MessagePackReader input) => input.ReadCount() switch
    {
        0 => null,
        2 => (input.ReadTime(), input.ReadTime()),
        int other => throw new InvalidDataException($"Saw an absence of {other} times; expected 2."),
    };

    /// <summary>Says where in the frame each sample lies.</summary>
    private static void Place(Sample[] samples, int offset, int payloadBytes)
    {
        long placed = 0;
        for (int index = 0; index < samples.Length; index++)
        {
            int bytes = samples[index].Bytes;
            if (bytes < 0 || placed + bytes > payloadBytes)
            {
                throw new InvalidDataException($"Saw a sample of {bytes} bytes at {placed} of {payloadBytes}.");
            }

            samples[index] = samples[index] with { Offset = offset + (int)placed };
            placed += bytes;
        }

        if (placed != payloadBytes)
        {
            throw new InvalidDataException($"Saw {payloadBytes} bytes for samples of {placed}.");
        }
    }
}
