using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>mdhd — Media Header. In: mdia. ISO/IEC 14496-12 §8.4.2.</summary>
/// <param name="Timescale">Ticks per second of the track.</param>
/// <param name="Language">Three lower-case letters (ISO 639-2/T), <c>und</c> where unknown.</param>
internal readonly record struct Mdhd(uint Timescale, string Language)
{
    public const string Undetermined = "und";

    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out Mdhd mdhd)
    {
        FieldReader fields = FieldReader.OfFullBox(payload, out byte version, out _);
        fields.UInt32Or64(version); // creation time
        fields.UInt32Or64(version); // modification time
        uint timescale = fields.UInt32();
        fields.UInt32Or64(version); // duration
        mdhd = new Mdhd(timescale, Unpack(fields.UInt16()));
        fields.Skip(2); // pre-defined
        return fields.Status;
    }

    public void Write(BoxWriter boxes) => Write(boxes, duration: 0);

    /// <param name="boxes">Where to.</param>
    /// <param name="duration">Of the track, in <see cref="Timescale"/>; 0 where fragments follow, so that it is unknown.</param>
    public void Write(BoxWriter boxes, ulong duration)
    {
        byte version = BoxWriter.VersionFor(duration);
        using (boxes.OpenFull(BoxType.Mdhd, version, flags: 0))
        {
            boxes.UInt32Or64(version, 0); // creation time
            boxes.UInt32Or64(version, 0); // modification time
            boxes.UInt32(Timescale);
            boxes.UInt32Or64(version, duration);
            boxes.UInt16(Pack(Language));
            boxes.UInt16(0);
        }
    }

    /// <summary>Three letters of five bits each. QuickTime's own codes (below 0x400) and anything odd are no letters.</summary>
    private static string Unpack(ushort packed)
    {
        Span<char> letters = [Letter(packed >> 10), Letter(packed >> 5), Letter(packed)];
        return letters.ContainsAnyExceptInRange('a', 'z') ? Undetermined : new string(letters);
    }

    private static char Letter(int packed) => (char)((packed & 0x1F) + 0x60);

    private static ushort Pack(string language)
    {
        string letters = language.Length == 3 && !language.AsSpan().ContainsAnyExceptInRange('a', 'z') ? language : Undetermined;
        return (ushort)(((letters[0] - 0x60) << 10) | ((letters[1] - 0x60) << 5) | (letters[2] - 0x60));
    }
}
