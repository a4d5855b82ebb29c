using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>esds — Elementary Stream Descriptor. In: mp4a. ISO/IEC 14496-14 §5.6; descriptors ISO/IEC 14496-1 §7.2.6.</summary>
/// <param name="ObjectType">objectTypeIndication: 0x40 is MPEG-4 audio, 0x6B is MP3.</param>
/// <param name="ConfigurationOffset">Where in the payload the AudioSpecificConfig lies; 0 where there is none.</param>
/// <param name="ConfigurationBytes">Its size.</param>
internal readonly record struct Esds(byte ObjectType, int ConfigurationOffset, int ConfigurationBytes)
{
    public const byte Mpeg4Audio = 0x40;

    private const byte StreamTag = 3;
    private const byte DecoderTag = 4;
    private const byte DecoderSpecificTag = 5;
    private const byte SyncLayerTag = 6;

    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, out Esds esds)
    {
        esds = default;
        FieldReader fields = FieldReader.OfFullBox(payload, out _, out _);
        if (!ReadTag(ref fields, StreamTag, out _))
        {
            return Failed(ref fields);
        }

        fields.Skip(2); // ES_ID
        byte flags = fields.UInt8();
        fields.Skip((flags & 0x80) != 0 ? 2 : 0); // depends on another stream
        fields.Skip((flags & 0x40) != 0 ? fields.UInt8() : 0); // URL
        fields.Skip((flags & 0x20) != 0 ? 2 : 0); // clock reference
        if (!ReadTag(ref fields, DecoderTag, out int decoderBytes))
        {
            return Failed(ref fields);
        }

        byte objectType = fields.UInt8();
        fields.Skip(12); // stream type, buffer size, bit rates
        if (decoderBytes <= 13)
        {
            esds = new Esds(objectType, 0, 0);
            return fields.Status;
        }

        if (!ReadTag(ref fields, DecoderSpecificTag, out int configurationBytes))
        {
            return Failed(ref fields);
        }

        esds = new Esds(objectType, payload.Length - fields.Remaining, configurationBytes);
        fields.Skip(configurationBytes);
        return fields.Status;
    }

    /// <summary>Writes MPEG-4 audio with its AudioSpecificConfig.</summary>
    public static void Write(BoxWriter boxes, ReadOnlySpan<byte> audioSpecificConfig)
    {
        // Every length is written in four bytes; each descriptor's header is five.
        int decoderBytes = 13 + 5 + audioSpecificConfig.Length;
        using (boxes.OpenFull(BoxType.Esds, version: 0, flags: 0))
        {
            WriteTag(boxes, StreamTag, 3 + 5 + decoderBytes + 5 + 1);
            boxes.Zeros(3); // ES_ID and flags
            WriteTag(boxes, DecoderTag, decoderBytes);
            boxes.UInt8(Mpeg4Audio);
            boxes.UInt8(0x15); // audio stream
            boxes.Zeros(3 + 4 + 4); // buffer size, bit rates: unknown
            WriteTag(boxes, DecoderSpecificTag, audioSpecificConfig.Length);
            boxes.Bytes(audioSpecificConfig);
            WriteTag(boxes, SyncLayerTag, 1);
            boxes.UInt8(2); // as MP4 files have it
        }
    }

    private static OperationStatus Failed(ref FieldReader fields) =>
        fields.Status == OperationStatus.Done ? OperationStatus.InvalidData : fields.Status;

    /// <summary>A tag and its length: seven bits per byte, at most four bytes.</summary>
    private static bool ReadTag(ref FieldReader fields, byte expected, out int bytes)
    {
        bytes = 0;
        byte tag = fields.UInt8();
        for (int index = 0; index < 4; index++)
        {
            byte next = fields.UInt8();
            bytes = (bytes << 7) | (next & 0x7F);
            if ((next & 0x80) == 0)
            {
                break;
            }
        }

        return fields.Status == OperationStatus.Done && tag == expected;
    }

    private static void WriteTag(BoxWriter boxes, byte tag, int bytes)
    {
        boxes.UInt8(tag);
        boxes.UInt8((byte)(0x80 | (bytes >> 21)));
        boxes.UInt8((byte)(0x80 | (bytes >> 14)));
        boxes.UInt8((byte)(0x80 | (bytes >> 7)));
        boxes.UInt8((byte)(bytes & 0x7F));
    }
}
