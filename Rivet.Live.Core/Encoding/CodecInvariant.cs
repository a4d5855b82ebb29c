using System.Buffers;
using Rivet.Live.Core.Bitstream;

namespace Rivet.Live.Core.Encoding;

/// <summary>What a decoder is set up with: all encoders of a rendition must agree on it, or one init would not do for them all.</summary>
/// <param name="Profile">profile_idc.</param>
/// <param name="Level">level_idc: 31 is level 3.1.</param>
/// <param name="ChromaFormat">1 is 4:2:0.</param>
/// <param name="BitDepth">Of luma.</param>
/// <param name="Width">After cropping.</param>
/// <param name="Height">After cropping.</param>
internal readonly record struct CodecInvariant(int Profile, int Level, int ChromaFormat, int BitDepth, int Width, int Height)
{
    /// <summary>From the first H.264 sequence parameter set of a stream with start codes; null where there is none.</summary>
    /// <exception cref="InvalidDataException">There is one that cannot be read.</exception>
    public static CodecInvariant? OfAvc(ReadOnlySpan<byte> annexB)
    {
        while (NalUnits.TryTake(ref annexB, out ReadOnlySpan<byte> unit))
        {
            if (!NalUnits.IsSps(unit))
            {
                continue;
            }

            OperationStatus status = AvcSps.TryRead(unit, out AvcSps sps);
            return status == OperationStatus.Done
                ? new CodecInvariant(sps.Profile, sps.Level, sps.ChromaFormat, sps.BitDepth, sps.Width, sps.Height)
                : throw new InvalidDataException($"The encoder's sequence parameter set of {unit.Length} bytes cannot be read: {status}.");
        }

        return null;
    }

    /// <summary>The fields that differ, for people: <c>profile 100 instead of 66</c>.</summary>
    public string DifferenceFrom(CodecInvariant expected)
    {
        (string Field, int Seen, int Expected)[] fields =
        [
            ("profile", Profile, expected.Profile),
            ("level", Level, expected.Level),
            ("chroma format", ChromaFormat, expected.ChromaFormat),
            ("bit depth", BitDepth, expected.BitDepth),
            ("width", Width, expected.Width),
            ("height", Height, expected.Height),
        ];
        return string.Join(", ", fields.Where(static field => field.Seen != field.Expected)
            .Select(static field => $"{field.Field} {field.Seen} instead of {field.Expected}"));
    }
}
