using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Media;
using Rivet.Live.Core.Packaging;

namespace Rivet.Live.Tests.Demuxing;

/// <summary>Small streams written box by box, for what no well-behaved publisher sends.</summary>
internal static class SyntheticStream
{
    /// <summary>avcC of a 160x90 picture as x264 writes it, baseline, level 1.1.</summary>
    public static readonly byte[] AvcConfiguration =
        Convert.FromHexString("0142c00bffe100186742c00bda0a37e4c044000003000400000300c83c50aa8001000468ce0fc8");

    public static TrackDescription Video { get; } = Describe(TrackKind.Video, SampleEntry(BoxType.Avc1));

    public static byte[] SampleEntry(BoxType type)
    {
        BoxWriter boxes = new();
        using (new VisualSampleEntry(160, 90).Open(boxes, type))
        using (boxes.Open(BoxType.AvcC))
        {
            boxes.Bytes(AvcConfiguration);
        }

        return boxes.WrittenMemory.ToArray();
    }

    public static TrackDescription Describe(TrackKind kind, byte[] sampleEntry) => new()
    {
        Kind = kind,
        Timescale = 1000,
        SampleEntryType = "avc1",
        Codec = "avc1.42c00b",
        SampleEntry = sampleEntry,
        CodecConfiguration = AvcConfiguration,
        Width = 160,
        Height = 90,
    };

    /// <summary>ftyp and moov of one video track with id 1.</summary>
    public static byte[] Init() => InitSegmentWriter.Write(Video);

    /// <summary>One box with a payload.</summary>
    public static byte[] Box(string type, params byte[] payload) => Box(type, boxes => boxes.Bytes(payload));

    public static byte[] Box(string type, Action<BoxWriter> write)
    {
        BoxWriter boxes = new();
        using (boxes.Open(BoxType.Of(type)))
        {
            write(boxes);
        }

        return boxes.WrittenMemory.ToArray();
    }

    /// <summary>A moof with one traf for each header.</summary>
    public static byte[] Moof(params Action<BoxWriter>[] trafs) => Box("moof", boxes =>
    {
        new Mfhd(1).Write(boxes);
        foreach (Action<BoxWriter> traf in trafs)
        {
            using (boxes.Open(BoxType.Traf))
            {
                traf(boxes);
            }
        }
    });

    /// <summary>A run whose samples have only defaults.</summary>
    public static void Run(BoxWriter boxes, uint samples, int? dataOffset)
    {
        using (new Trun(samples, TrunFields.None, dataOffset, null).Open(boxes, hasSignedOffsets: false))
        {
            // The samples take no bytes of their own.
        }
    }
}
