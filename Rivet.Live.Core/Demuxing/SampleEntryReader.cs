using System.Buffers;

using Rivet.Live.Core.Bitstream;
using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Demuxing;

/// <summary>Reads a track's first sample entry into a description.</summary>
internal static class SampleEntryReader
{
    /// <summary>What can be ingested, for error texts.</summary>
    public const string SupportedCodecs =
        "avc1 and avc3 (H.264), hvc1 and hev1 (H.265), av01 (AV1), vp09 (VP9), mp4a (AAC), Opus, ac-3 and ec-3";

    public static TrackDescription Read(BoxCursor stsd, TrackKind kind, in Mdhd header)
    {
        byte stsdVersion = stsd.Payload.IsEmpty ? (byte)0 : stsd.Payload[0];
        stsd.SkipFields(8); // version, flags, number of entries
        if (!stsd.TryNextChild(out BoxCursor entry))
        {
            throw stsd.Reject(
                IngestRejectReason.MalformedBox,
                "'stsd' has no sample entry, so nobody can know the track's codec. Wait for the encoder's first packet before " +
                "writing the moov " +
                "(ffmpeg: add -movflags +delay_moov).");
        }

        byte[] bytes = entry.Box.ToArray();
        TrackDescription description = new()
        {
            Kind = kind,
            Timescale = (int)header.Timescale,
            SampleEntryType = entry.Type.ToString(),
            Codec = entry.Type.ToString(),
            SampleEntry = bytes,
            CodecConfiguration = ReadOnlyMemory<byte>.Empty,
            Language = header.Language,
        };

        return kind switch
        {
            TrackKind.Video => ReadVideo(entry, bytes, description),
            TrackKind.Audio => ReadAudio(entry, bytes, description, isQuickTime: stsdVersion == 0),
            _ => description,
        };
    }

    private static TrackDescription ReadVideo(BoxCursor entry, byte[] bytes, TrackDescription description)
    {
        BoxType configurationType = VideoConfigurationOf(entry);
        entry.Require(VisualSampleEntry.TryRead(entry.Payload, out VisualSampleEntry visual));
        entry.SkipFields(VisualSampleEntry.PrefixBytes);
        BoxCursor configuration = entry.Find(configurationType);
        description = description with
        {
            CodecConfiguration = Part(bytes, entry, configuration),
            Width = visual.Width,
            Height = visual.Height,
        };

        if (configurationType == BoxType.AvcC)
        {
            configuration.Require(AvcC.TryRead(configuration.Payload, out AvcC avcC));
            description = description with { Codec = CodecStrings.Avc(entry.Type, avcC) };
            ReadOnlySpan<byte> sps = configuration.Payload.Slice(avcC.SpsOffset, avcC.SpsBytes);

            // What the decoder will give counts; the entry's size is for layout, and some publishers leave it at 0.
            return AvcSps.TryRead(sps, out AvcSps size) == OperationStatus.Done
                ? description with { Width = size.Width, Height = size.Height }
                : description;
        }

        if (configurationType == BoxType.HvcC)
        {
            configuration.Require(HvcC.TryRead(configuration.Payload, out HvcC hvcC));
            description = description with { Codec = CodecStrings.Hevc(entry.Type, hvcC) };
            return HevcSps.TryRead(configuration.Payload.Slice(hvcC.SpsOffset, hvcC.SpsBytes), out HevcSps shown) == OperationStatus.Done
                ? description with { Width = shown.Width, Height = shown.Height }
                : description;
        }

        if (configurationType == BoxType.Av1C)
        {
            configuration.Require(Av1C.TryRead(configuration.Payload, out Av1C av1C));
            return description with { Codec = CodecStrings.Av1(av1C) };
        }

        configuration.Require(VpcC.TryRead(configuration.Payload, out VpcC vpcC));
        return description with { Codec = CodecStrings.Vp9(vpcC) };
    }

    private static BoxType VideoConfigurationOf(in BoxCursor entry)
    {
        BoxType type = entry.Type;
        return type == BoxType.Avc1 || type == BoxType.Avc3 ? BoxType.AvcC
            : type == BoxType.Hvc1 || type == BoxType.Hev1 ? BoxType.HvcC
            : type == BoxType.Av01 ? BoxType.Av1C
            : type == BoxType.Vp09 ? BoxType.VpcC
            : throw Unsupported(entry, "video");
    }

    private static TrackDescription ReadAudio(BoxCursor entry, byte[] bytes, TrackDescription description, bool isQuickTime)
    {
        BoxType type = entry.Type;
        if (type != BoxType.Mp4a && type != BoxType.Opus && type != BoxType.Ac3 && type != BoxType.Ec3)
        {
            throw Unsupported(entry, "audio");
        }

        entry.Require(AudioSampleEntry.TryRead(entry.Payload, isQuickTime, out AudioSampleEntry audio));
        entry.SkipFields(audio.PrefixBytes);
        description = description with { SampleRate = audio.SampleRate, Channels = audio.Channels };
        if (type == BoxType.Mp4a)
        {
            return ReadMp4a(entry, bytes, description);
        }

        BoxCursor configuration = entry.Find(type == BoxType.Opus ? BoxType.DOps : type == BoxType.Ac3 ? BoxType.Dac3 : BoxType.Dec3);
        description = description with { CodecConfiguration = Part(bytes, entry, configuration) };
        if (type == BoxType.Opus)
        {
            configuration.Require(DOps.TryRead(configuration.Payload, out DOps dOps));
            return description with { Codec = CodecStrings.Opus, SampleRate = DOps.SampleRate, Channels = dOps.Channels };
        }

        if (type == BoxType.Ac3)
        {
            configuration.Require(Dac3.TryRead(configuration.Payload, out Dac3 dac3));
            return WithSound(description with { Codec = CodecStrings.Ac3 }, dac3.SampleRate, dac3.Channels);
        }

        configuration.Require(Dec3.TryRead(configuration.Payload, out Dec3 dec3));
        return WithSound(description with { Codec = CodecStrings.Ec3 }, dec3.SampleRate, dec3.Channels);
    }

    private static TrackDescription ReadMp4a(BoxCursor entry, byte[] bytes, TrackDescription description)
    {
        // QuickTime wraps the esds.
        BoxCursor parent = entry.TryFind(BoxType.Esds, out _) ? entry : entry.TryFind(BoxType.Wave, out BoxCursor wave) ? wave : entry;
        BoxCursor box = parent.Find(BoxType.Esds);
        box.Require(Esds.TryRead(box.Payload, out Esds esds));
        if (esds.ObjectType != Esds.Mpeg4Audio)
        {
            return description with { Codec = CodecStrings.Mp4a(esds) };
        }

        ReadOnlyMemory<byte> configuration = Part(bytes, entry, box).Slice(esds.ConfigurationOffset, esds.ConfigurationBytes);
        box.Require(AudioSpecificConfig.TryRead(configuration.Span, out AudioSpecificConfig aac));
        return WithSound(
            description with { Codec = CodecStrings.Aac(aac), CodecConfiguration = configuration },
            aac.SampleRate,
            aac.Channels);
    }

    /// <summary>What the codec says counts; where it says nothing, the sample entry does.</summary>
    private static TrackDescription WithSound(TrackDescription description, int sampleRate, int channels) => description with
    {
        SampleRate = sampleRate > 0 ? sampleRate : description.SampleRate,
        Channels = channels > 0 ? channels : description.Channels,
    };

    private static ReadOnlyMemory<byte> Part(byte[] entryBytes, in BoxCursor entry, in BoxCursor child)
    {
        int boxEnd = (int)(child.Offset - entry.Offset) + child.Box.Length;
        return entryBytes.AsMemory(boxEnd - child.Payload.Length, child.Payload.Length);
    }

    private static IngestRejectedException Unsupported(in BoxCursor entry, string kind) => entry.Reject(
        IngestRejectReason.UnsupportedCodec,
        $"the {kind} track's sample entry is '{entry.Type}', which cannot be ingested. Supported are {SupportedCodecs}: " +
        "set the publisher's encoder to one of those, unencrypted.");
}
