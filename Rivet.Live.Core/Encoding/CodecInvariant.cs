using System.Buffers;
using Rivet.Live.Core.Bitstream;

namespace Rivet.Live.Core.Encoding;

/// <summary>What a decoder is set up with: all encoders of a rendition must agree on it, or one init would not do for them all.</summary>
internal sealed record CodecInvariant
{
    private readonly (string Name, int Value)[] _fields;

    /// <param name="codec">Streams of two codecs never agree.</param>
    /// <param name="fields">What has to be equal, each named as people read it; for one codec always the same names in the same order.</param>
    private CodecInvariant(VideoCodec codec, ReadOnlySpan<(string Name, int Value)> fields)
    {
        Codec = codec;
        _fields = fields.ToArray();
    }

    public VideoCodec Codec { get; }

    /// <summary>From the first sequence parameter set or sequence header of a stream; null where there is none.</summary>
    /// <param name="codec">Whose stream it is.</param>
    /// <param name="stream">NAL units with start codes, or AV1's units.</param>
    /// <exception cref="InvalidDataException">There is one that cannot be read.</exception>
    public static CodecInvariant? Of(VideoCodec codec, ReadOnlySpan<byte> stream) => codec switch
    {
        VideoCodec.H264 => NalUnits.TryFind(stream, AvcUnits.IsSps, out ReadOnlySpan<byte> sps) ? OfAvc(sps) : null,
        VideoCodec.Hevc => NalUnits.TryFind(stream, HevcUnits.IsSps, out ReadOnlySpan<byte> sps) ? OfHevc(sps) : null,
        VideoCodec.Av1 => Obus.TryFindSequenceHeader(stream, out _, out ReadOnlySpan<byte> header) ? OfAv1(header) : null,
        _ => throw new ArgumentOutOfRangeException(nameof(codec), codec, "An unknown codec."),
    };

    /// <summary>The fields that differ, for people: <c>profile 100 instead of 66</c>. Empty where both agree.</summary>
    public string DifferenceFrom(CodecInvariant expected) => Codec != expected.Codec
        ? $"codec {Codec} instead of {expected.Codec}"
        : string.Join(", ", _fields
            .Zip(expected._fields)
            .Where(static pair => pair.First.Value != pair.Second.Value)
            .Select(static pair => $"{pair.First.Name} {pair.First.Value} instead of {pair.Second.Value}"));

    public bool Equals(CodecInvariant? other) => other is not null && Codec == other.Codec && _fields.AsSpan().SequenceEqual(other._fields);

    public override int GetHashCode() => _fields.Aggregate((int)Codec, static (hash, field) => HashCode.Combine(hash, field.Value));

    public override string ToString() => $"{Codec}: {string.Join(", ", _fields.Select(static field => $"{field.Name} {field.Value}"))}";

    private static CodecInvariant OfAvc(ReadOnlySpan<byte> unit)
    {
        Require(AvcSps.TryRead(unit, out AvcSps sps), "sequence parameter set", unit);
        return new(
            VideoCodec.H264,
            [
                ("profile", sps.Profile),
                ("level", sps.Level),
                ("chroma format", sps.ChromaFormat),
                ("bit depth", sps.BitDepth),
                ("width", sps.Width),
                ("height", sps.Height),
            ]);
    }

    private static CodecInvariant OfHevc(ReadOnlySpan<byte> unit)
    {
        Require(HevcSps.TryRead(unit, out HevcSps sps), "sequence parameter set", unit);
        return new(
            VideoCodec.Hevc,
            [
                ("profile", sps.Profile),
                ("tier", sps.IsHighTier ? 1 : 0),
                ("level", sps.Level),
                ("chroma format", sps.ChromaFormat),
                ("bit depth", sps.BitDepth),
                ("chroma bit depth", sps.ChromaBitDepth),
                ("width", sps.Width),
                ("height", sps.Height),
            ]);
    }

    private static CodecInvariant OfAv1(ReadOnlySpan<byte> payload)
    {
        Require(Av1SequenceHeader.TryRead(payload, out Av1SequenceHeader header), "sequence header", payload);
        Av1Color color = header.Color;
        return new(
            VideoCodec.Av1,
            [
                ("profile", header.Profile),
                ("level", header.Level),
                ("tier", header.IsHighTier ? 1 : 0),
                ("bit depth", color.BitDepth),
                ("monochrome", color.IsMonochrome ? 1 : 0),
                ("horizontal chroma subsampling", color.SubsamplingX),
                ("vertical chroma subsampling", color.SubsamplingY),
                ("colour primaries", color.Primaries),
                ("transfer characteristics", color.Transfer),
                ("matrix coefficients", color.Matrix),
                ("full range", color.IsFullRange ? 1 : 0),
                ("width", header.Width),
                ("height", header.Height),
                ("still picture", header.IsStillPicture ? 1 : 0),
            ]);
    }

    private static void Require(OperationStatus status, string what, ReadOnlySpan<byte> bytes)
    {
        if (status != OperationStatus.Done)
        {
            throw new InvalidDataException($"The encoder's {what} of {bytes.Length} bytes cannot be read: {status}.");
        }
    }
}
