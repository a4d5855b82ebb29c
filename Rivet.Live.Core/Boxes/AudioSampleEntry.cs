using System.Buffers;

namespace Rivet.Live.Core.Boxes;

/// <summary>mp4a, Opus, ac-3, ec-3 … — Audio Sample Entry. In: stsd. ISO/IEC 14496-12 §12.2.3.</summary>
/// <param name="Channels">As the entry says; the codec configuration knows better.</param>
/// <param name="SampleRate">As the entry says; the codec configuration knows better.</param>
/// <param name="PrefixBytes">Bytes before the first child box: 28, and more in QuickTime's versions 1 and 2.</param>
internal readonly record struct AudioSampleEntry(int Channels, int SampleRate, int PrefixBytes = AudioSampleEntry.PlainPrefixBytes)
{
    private const int PlainPrefixBytes = 28;

    /// <param name="payload">The entry without its header.</param>
    /// <param name="isQuickTime">True where the stsd has version 0, so that a versioned entry is QuickTime's longer one.</param>
    /// <param name="entry">What it says.</param>
    public static OperationStatus TryRead(ReadOnlySpan<byte> payload, bool isQuickTime, out AudioSampleEntry entry)
    {
        FieldReader fields = new(payload);
        fields.Skip(6 + 2); // reserved, data reference
        int version = fields.UInt16();
        fields.Skip(6); // revision, vendor
        int channels = fields.UInt16();
        fields.Skip(6); // sample size, compression id, packet size
        int sampleRate = (int)(fields.UInt32() >> 16);
        int prefixBytes = PlainPrefixBytes;

        if (isQuickTime && version == 1)
        {
            fields.Skip(16); // samples and bytes per packet, per frame, per sample
            prefixBytes += 16;
        }
        else if (isQuickTime && version == 2)
        {
            fields.Skip(4); // size of this structure
            double rate = BitConverter.UInt64BitsToDouble(fields.UInt64());
            sampleRate = rate is >= 0 and <= int.MaxValue ? (int)rate : 0;
            channels = (int)Math.Min(fields.UInt32(), ushort.MaxValue);
            fields.Skip(20);
            prefixBytes += 36;
        }

        entry = new AudioSampleEntry(channels, sampleRate, prefixBytes);
        return fields.Status;
    }

    /// <summary>Begins the sample entry; the caller writes the codec configuration box before it disposes the scope.</summary>
    public BoxScope Open(BoxWriter boxes, BoxType type)
    {
        BoxScope scope = boxes.Open(type);
        boxes.Zeros(6);
        boxes.UInt16(1); // data reference
        boxes.Zeros(8);
        boxes.UInt16((ushort)Channels);
        boxes.UInt16(16); // bits per sample
        boxes.Zeros(4);
        boxes.UInt32(SampleRate <= ushort.MaxValue ? (uint)SampleRate << 16 : 0); // faster than the field can say: the codec tells
        return scope;
    }
}
