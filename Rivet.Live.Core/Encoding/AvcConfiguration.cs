using System.Buffers.Binary;
using System.Globalization;
using Rivet.Live.Core.Bitstream;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Encoding;

/// <summary>Builds what an init segment says of an H.264 rendition from the parameter sets that its encoder really uses.</summary>
internal static class AvcConfiguration
{
    private const int VisualSampleEntryBytes = 78;
    private const int BoxHeaderBytes = 8;

    /// <param name="annexB">The encoder's extradata: SPS and PPS with start codes.</param>
    /// <param name="settings">What the encoder was opened with.</param>
    /// <exception cref="InvalidDataException">There is no SPS or no PPS.</exception>
    public static TrackDescription Describe(ReadOnlySpan<byte> annexB, VideoEncoderSettings settings)
    {
        List<byte[]> spsUnits = [];
        List<byte[]> ppsUnits = [];
        while (NalUnits.TryTake(ref annexB, out ReadOnlySpan<byte> unit))
        {
            if (NalUnits.IsSps(unit))
            {
                spsUnits.Add(unit.ToArray());
            }
            else if (NalUnits.IsPps(unit))
            {
                ppsUnits.Add(unit.ToArray());
            }
        }

        if (spsUnits.Count == 0 || ppsUnits.Count == 0)
        {
            throw new InvalidDataException(
                $"{settings.EncoderName} gave {spsUnits.Count} SPS and {ppsUnits.Count} PPS as its headers; at least one of each was expected.");
        }

        byte[] configuration = WriteRecord(spsUnits, ppsUnits);
        byte[] sps = spsUnits[0];
        return new TrackDescription
        {
            Kind = TrackKind.Video,
            Timescale = settings.Timescale,
            SampleEntryType = "avc1",
            Codec = string.Create(CultureInfo.InvariantCulture, $"avc1.{sps[1]:x2}{sps[2]:x2}{sps[3]:x2}"),
            SampleEntry = WriteSampleEntry(configuration, settings),
            CodecConfiguration = configuration,
            Width = settings.Width,
            Height = settings.Height,
        };
    }

    // AVCDecoderConfigurationRecord, ISO/IEC 14496-15 section 5.3.3.
    private static byte[] WriteRecord(List<byte[]> spsUnits, List<byte[]> ppsUnits)
    {
        const byte ReservedAndLengthSize = 0xFC | (NalUnits.LengthBytes - 1);
        byte[] sps = spsUnits[0];
        List<byte> record = [1, sps[1], sps[2], sps[3], ReservedAndLengthSize, (byte)(0xE0 | spsUnits.Count)];
        WriteUnits(record, spsUnits);
        record.Add((byte)ppsUnits.Count);
        WriteUnits(record, ppsUnits);

        // High and its relatives say chroma and depth again: 4:2:0, 8 bits, no SPS extensions is all that we encode.
        if (sps[1] is not (66 or 77 or 88))
        {
            record.AddRange([0xFC | 1, 0xF8, 0xF8, 0]);
        }

        return [.. record];
    }

    private static void WriteUnits(List<byte> record, List<byte[]> units)
    {
        foreach (byte[] unit in units)
        {
            record.Add((byte)(unit.Length >> 8));
            record.Add((byte)unit.Length);
            record.AddRange(unit);
        }
    }

    // VisualSampleEntry, ISO/IEC 14496-12 section 12.1.3, with avcC and, where they say something, colr and pasp.
    private static byte[] WriteSampleEntry(byte[] configuration, VideoEncoderSettings settings)
    {
        byte[] visual = new byte[VisualSampleEntryBytes];
        visual[7] = 1; // data_reference_index
        BinaryPrimitives.WriteUInt16BigEndian(visual.AsSpan(24), checked((ushort)settings.Width));
        BinaryPrimitives.WriteUInt16BigEndian(visual.AsSpan(26), checked((ushort)settings.Height));
        BinaryPrimitives.WriteUInt32BigEndian(visual.AsSpan(28), 0x0048_0000); // 72 dpi
        BinaryPrimitives.WriteUInt32BigEndian(visual.AsSpan(32), 0x0048_0000);
        visual[41] = 1; // frame_count
        visual[75] = 0x18; // depth
        visual[76] = visual[77] = 0xFF; // pre_defined = -1
        return WriteBox("avc1"u8, [.. visual, .. WriteBox("avcC"u8, configuration), .. WriteColour(settings.Color), .. WriteAspect(settings)]);
    }

    private static byte[] WriteColour(PictureColor color)
    {
        if (!color.IsKnown)
        {
            return [];
        }

        byte[] nclx = new byte[11];
        "nclx"u8.CopyTo(nclx);
        BinaryPrimitives.WriteUInt16BigEndian(nclx.AsSpan(4), (ushort)color.Primaries);
        BinaryPrimitives.WriteUInt16BigEndian(nclx.AsSpan(6), (ushort)color.Transfer);
        BinaryPrimitives.WriteUInt16BigEndian(nclx.AsSpan(8), (ushort)color.Matrix);
        nclx[10] = color.IsFullRange ? (byte)0x80 : (byte)0;
        return WriteBox("colr"u8, nclx);
    }

    private static byte[] WriteAspect(VideoEncoderSettings settings)
    {
        (int numerator, int denominator) = settings.SampleAspectRatio;
        if (numerator <= 0 || denominator <= 0 || numerator == denominator)
        {
            return [];
        }

        byte[] ratio = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(ratio, numerator);
        BinaryPrimitives.WriteInt32BigEndian(ratio.AsSpan(4), denominator);
        return WriteBox("pasp"u8, ratio);
    }

    private static byte[] WriteBox(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        byte[] box = new byte[BoxHeaderBytes + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        type.CopyTo(box.AsSpan(4));
        content.CopyTo(box.AsSpan(BoxHeaderBytes));
        return box;
    }
}
