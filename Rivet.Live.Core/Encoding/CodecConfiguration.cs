using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Encoding;

/// <summary>What an init segment says of a rendition's codec, from the parameter sets that its encoder really uses.</summary>
/// <param name="SampleEntry">Type of the sample entry: its parameter sets are in the init segment alone.</param>
/// <param name="Box">Type of the box in it.</param>
/// <param name="Record">That box's payload.</param>
/// <param name="Codec">The codec string of RFC 6381.</param>
internal sealed record CodecConfiguration(BoxType SampleEntry, BoxType Box, byte[] Record, string Codec)
{
    /// <param name="headers">The encoder's extradata: parameter sets with start codes, or AV1's units.</param>
    /// <param name="settings">What the encoder was opened with.</param>
    /// <exception cref="InvalidDataException">A parameter set is missing, or cannot be read.</exception>
    public static CodecConfiguration Of(ReadOnlySpan<byte> headers, VideoEncoderSettings settings) => settings.Codec switch
    {
        VideoCodec.H264 => AvcConfiguration.Read(headers, settings.EncoderName),
        VideoCodec.Hevc => HevcConfiguration.Read(headers, settings.EncoderName),
        VideoCodec.Av1 => Av1Configuration.Read(headers, settings.EncoderName),
        _ => throw new ArgumentOutOfRangeException(nameof(settings), settings.Codec, "An unknown codec."),
    };

    public TrackDescription Describe(VideoEncoderSettings settings) => new()
    {
        Kind = TrackKind.Video,
        Timescale = settings.Timescale,
        SampleEntryType = SampleEntry.ToString(),
        Codec = Codec,
        SampleEntry = WriteSampleEntry(settings),
        CodecConfiguration = Record,
        Width = settings.Width,
        Height = settings.Height,
    };

    private ReadOnlyMemory<byte> WriteSampleEntry(VideoEncoderSettings settings)
    {
        BoxWriter boxes = new();
        using (new VisualSampleEntry(checked((ushort)settings.Width), checked((ushort)settings.Height)).Open(boxes, SampleEntry))
        {
            using (boxes.Open(Box))
            {
                boxes.Bytes(Record);
            }

            WriteColour(boxes, settings.Color);
            WriteAspect(boxes, settings.SampleAspectRatio);
        }

        return boxes.WrittenMemory;
    }

    /// <summary>ISO/IEC 14496-12 §12.1.5.</summary>
    private static void WriteColour(BoxWriter boxes, PictureColor color)
    {
        if (!color.IsKnown)
        {
            return;
        }

        using (boxes.Open(BoxType.Colr))
        {
            boxes.Bytes("nclx"u8);
            boxes.UInt16((ushort)color.Primaries);
            boxes.UInt16((ushort)color.Transfer);
            boxes.UInt16((ushort)color.Matrix);
            boxes.UInt8(color.IsFullRange ? (byte)0x80 : (byte)0);
        }
    }

    /// <summary>ISO/IEC 14496-12 §12.1.4. Square pixels need no words.</summary>
    private static void WriteAspect(BoxWriter boxes, (int Numerator, int Denominator) ratio)
    {
        if (ratio.Numerator <= 0 || ratio.Denominator <= 0 || ratio.Numerator == ratio.Denominator)
        {
            return;
        }

        using (boxes.Open(BoxType.Pasp))
        {
            boxes.Int32(ratio.Numerator);
            boxes.Int32(ratio.Denominator);
        }
    }
}
