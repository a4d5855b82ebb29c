using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Packaging;

/// <summary>Writes a track's init segment: a CMAF header. ISO/IEC 23000-19 §7.3.1.</summary>
internal static class InitSegmentWriter
{
    private const uint MovieTimescale = 1000;

    private static readonly BoxType[] CmafBrands = [BoxType.Of("iso6"), BoxType.Of("iso5"), BoxType.Of("cmfc"), BoxType.Of("mp41")];

    // No cmfc: a CMAF track file has one track.
    private static readonly BoxType[] MovieBrands = [BoxType.Of("iso6"), BoxType.Of("iso5"), BoxType.Of("mp41")];

    /// <summary>The init segment of one track, with the sample entry as it came.</summary>
    public static byte[] Write(TrackDescription track) => Write(CmafBrands, edit: null, track);

    /// <summary>The beginning of a movie in fragments, its tracks numbered from <see cref="PartWriter.TrackId"/> on.</summary>
    /// <param name="edit">Where in its media the first track begins; null for at its zero.</param>
    /// <param name="tracks">At least one.</param>
    public static byte[] WriteMovie(Elst? edit, params ReadOnlySpan<TrackDescription> tracks) => Write(MovieBrands, edit, tracks);

    private static byte[] Write(BoxType[] brands, Elst? edit, params ReadOnlySpan<TrackDescription> tracks)
    {
        BoxWriter boxes = new();
        new Ftyp(brands[0], 0, brands).Write(boxes);
        using (boxes.Open(BoxType.Moov))
        {
            new Mvhd(MovieTimescale, PartWriter.TrackId + (uint)tracks.Length).Write(boxes);
            for (int index = 0; index < tracks.Length; index++)
            {
                using (boxes.Open(BoxType.Trak))
                {
                    WriteTrack(boxes, PartWriter.TrackId + (uint)index, tracks[index], index == 0 ? edit : null);
                }
            }

            using (boxes.Open(BoxType.Mvex))
            {
                for (uint index = 0; index < tracks.Length; index++)
                {
                    new Trex(PartWriter.TrackId + index, SampleDescriptionIndex: 1, Duration: 0, Size: 0, Flags: 0).Write(boxes);
                }
            }
        }

        return boxes.WrittenMemory.ToArray();
    }

    private static void WriteTrack(BoxWriter boxes, uint trackId, TrackDescription track, Elst? edit)
    {
        bool isAudio = track.Kind == TrackKind.Audio;
        ushort volume = isAudio ? (ushort)0x0100 : (ushort)0;
        new Tkhd(trackId, volume, (uint)track.Width << 16, (uint)track.Height << 16).Write(boxes);
        if (edit is { } elst)
        {
            using (boxes.Open(BoxType.Edts))
            {
                elst.Write(boxes);
            }
        }

        using (boxes.Open(BoxType.Mdia))
        {
            new Mdhd((uint)track.Timescale, track.Language).Write(boxes);
            new Hdlr(isAudio ? BoxType.Soun : BoxType.Vide).Write(boxes);
            using (boxes.Open(BoxType.Minf))
            {
                WriteMediaHeader(boxes, isAudio);
                WriteDataReference(boxes);
                WriteSampleTable(boxes, track.SampleEntry.Span);
            }
        }
    }

    private static void WriteMediaHeader(BoxWriter boxes, bool isAudio)
    {
        if (isAudio)
        {
            using (boxes.OpenFull(BoxType.Smhd, version: 0, flags: 0))
            {
                boxes.Zeros(4); // balance, reserved
            }
        }
        else
        {
            using (boxes.OpenFull(BoxType.Vmhd, version: 0, flags: 1))
            {
                boxes.Zeros(8); // graphics mode, colour
            }
        }
    }

    private static void WriteDataReference(BoxWriter boxes)
    {
        using (boxes.Open(BoxType.Dinf))
        using (boxes.OpenFull(BoxType.Dref, version: 0, flags: 0))
        {
            boxes.UInt32(1);
            using (boxes.OpenFull(BoxType.Url, version: 0, flags: 1))
            {
                // Flag 1: the media is in this file, so there is no location.
            }
        }
    }

    /// <summary>One sample entry and four empty tables: the samples are in fragments.</summary>
    private static void WriteSampleTable(BoxWriter boxes, ReadOnlySpan<byte> sampleEntry)
    {
        using (boxes.Open(BoxType.Stbl))
        {
            using (boxes.OpenFull(BoxType.Stsd, version: 0, flags: 0))
            {
                boxes.UInt32(1);
                boxes.Bytes(sampleEntry);
            }

            WriteEmptyTable(boxes, BoxType.Stts, fieldBytes: 4);
            WriteEmptyTable(boxes, BoxType.Stsc, fieldBytes: 4);
            WriteEmptyTable(boxes, BoxType.Stsz, fieldBytes: 8);
            WriteEmptyTable(boxes, BoxType.Stco, fieldBytes: 4);
        }
    }

    private static void WriteEmptyTable(BoxWriter boxes, BoxType type, int fieldBytes)
    {
        using (boxes.OpenFull(type, version: 0, flags: 0))
        {
            boxes.Zeros(fieldBytes);
        }
    }
}
