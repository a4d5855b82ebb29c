using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>tkhd — Track Header. In: trak. ISO/IEC 14496-12 §8.3.2.</summary>
/// <param name="TrackId">Never 0.</param>
/// <param name="Volume">Fixed point 8.8; 0x0100 for audio, 0 for anything else.</param>
/// <param name="Width">Shown width, fixed point 16.16.</param>
/// <param name="Height">Shown height, fixed point 16.16.</param>
internal readonly record struct Tkhd(uint TrackId, ushort Volume, uint Width, uint Height)
{
    /// <summary>Enabled, in the movie.</summary>
    private const uint Shown = 0x000003;

    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out Tkhd tkhd)
    {
        FieldReader fields = FieldReader.OfFullBox(payload, out byte version, out _);
        fields.UInt32Or64(version); // creation time
        fields.UInt32Or64(version); // modification time
        uint trackId = fields.UInt32();
        fields.Skip(4);
        fields.UInt32Or64(version); // duration
        fields.Skip(8 + 2 + 2); // reserved, layer, alternate group
        ushort volume = fields.UInt16();
        fields.Skip(2 + 36); // reserved, matrix
        tkhd = new Tkhd(trackId, volume, fields.UInt32(), fields.UInt32());
        return fields.Status;
    }

    public void Write(BoxWriter boxes) => Write(boxes, duration: 0);

    /// <param name="boxes">Where to.</param>
    /// <param name="duration">Of the track, in the movie's timescale; 0 where fragments follow, so that it is unknown.</param>
    public void Write(BoxWriter boxes, ulong duration)
    {
        byte version = BoxWriter.VersionFor(duration);
        using (boxes.OpenFull(BoxType.Tkhd, version, Shown))
        {
            boxes.UInt32Or64(version, 0); // creation time
            boxes.UInt32Or64(version, 0); // modification time
            boxes.UInt32(TrackId);
            boxes.Zeros(4);
            boxes.UInt32Or64(version, duration);
            boxes.Zeros(8 + 2 + 2); // reserved, layer, alternate group
            boxes.UInt16(Volume);
            boxes.Zeros(2);
            boxes.UnityMatrix();
            boxes.UInt32(Width);
            boxes.UInt32(Height);
        }
    }
}
