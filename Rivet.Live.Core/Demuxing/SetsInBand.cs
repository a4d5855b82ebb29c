using System.Buffers;
using System.Buffers.Binary;
using Rivet.Live.Core.Bitstream;
using Rivet.Live.Core.Boxes;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Demuxing;

/// <summary>
/// Follows the parameter sets that travel with a video track's keyframes (avc3, hev1, and avc1 of encoders that begin anew without a moov): what
/// they say holds from their keyframe on, whatever the moov said. ISO/IEC 14496-15 §5.4.2.1.2, §8.4.
/// </summary>
/// <param name="announced">What the moov says.</param>
internal sealed class SetsInBand(TrackDescription announced)
{
    /// <summary>Of one keyframe: more than any encoder sends, and few enough for every field that counts them.</summary>
    private const int SetsMax = 31;

    private readonly int _lengthBytes = LengthBytesOf(announced);
    private TrackDescription? _found;
    private bool _cameAlong;
    private bool _announcedAnew;

    /// <summary>What holds now.</summary>
    public TrackDescription Current => _found ?? announced;

    /// <summary>The same moov came again: it holds from the next keyframe on, unless that brings sets of its own.</summary>
    public void AnnounceAnew() => _announcedAnew = true;

    /// <summary>Looks at the next keyframe. True where another description holds from it on.</summary>
    public bool Follow(ReadOnlySpan<byte> keyframe)
    {
        TrackDescription? found = announced.SampleEntryType switch
        {
            "avc1" or "avc3" or "hvc1" or "hev1" => FromUnits(keyframe),
            "av01" => FromSequenceHeader(keyframe),
            "vp09" => FromHeader(keyframe),
            _ => null,
        };
        found ??= _announcedAnew && !_cameAlong ? announced : Current;
        _announcedAnew = false;
        bool isOther = !found.IsSameStreamAs(Current);
        _found = found;
        return isOther;
    }

    /// <summary>What the sets before the first slice say; null where they say nothing new.</summary>
    private TrackDescription? FromUnits(ReadOnlySpan<byte> keyframe)
    {
        bool isHevc = announced.SampleEntryType is "hvc1" or "hev1";
        List<byte[]> sets = [];
        bool isNew = false;
        bool hasNewSps = false;
        while (NalUnits.TryTake(ref keyframe, _lengthBytes, out ReadOnlySpan<byte> unit) && !(isHevc ? HevcUnits.IsSlice(unit) : AvcUnits.IsSlice(unit)))
        {
            if (isHevc ? HevcUnits.IsParameterSet(unit) : AvcUnits.IsSps(unit) || AvcUnits.IsPps(unit))
            {
                bool isKnown = IsKnown(unit);
                isNew |= !isKnown;
                hasNewSps |= !isKnown && (isHevc ? HevcUnits.IsSps(unit) : AvcUnits.IsSps(unit));
                sets.Add(unit.ToArray());
            }
        }

        // Encoders that send sets with every keyframe may change a PPS each time: whoever joins gets it anyhow.
        bool cameBefore = _cameAlong;
        _cameAlong = sets.Count > 0;
        return isNew && (hasNewSps || !cameBefore) && sets.Count <= SetsMax ? (isHevc ? DescribeHevc(sets) : DescribeAvc(sets)) : null;
    }

    private bool IsKnown(ReadOnlySpan<byte> unit)
    {
        // Each unit stands behind its length in 16 bits.
        ReadOnlySpan<byte> record = Current.CodecConfiguration.Span;
        int begin = 0;
        for (int at = record.IndexOf(unit); at >= 0; at = record[begin..].IndexOf(unit))
        {
            begin += at;
            if (begin >= 2 && BinaryPrimitives.ReadUInt16BigEndian(record[(begin - 2)..]) == unit.Length)
            {
                return true;
            }

            begin++;
        }

        return false;
    }

    private TrackDescription? DescribeAvc(List<byte[]> sets)
    {
        byte[][] spsUnits = [.. sets.Where(static unit => AvcUnits.IsSps(unit))];
        byte[][] ppsUnits = [.. sets.Where(static unit => AvcUnits.IsPps(unit))];
        if (spsUnits.Length == 0 || ppsUnits.Length == 0 || AvcSps.TryRead(spsUnits[0], out AvcSps sps) != OperationStatus.Done)
        {
            return null;
        }

        byte[] record = AvcC.WriteRecord(sps, spsUnits, ppsUnits, _lengthBytes);
        _ = AvcC.TryRead(record, out AvcC avcC);
        return Describe(BoxType.AvcC, record, CodecStrings.Avc(BoxType.Of(announced.SampleEntryType), avcC), sps.Width, sps.Height);
    }

    private TrackDescription? DescribeHevc(List<byte[]> sets)
    {
        ILookup<int, byte[]> byType = sets.ToLookup(static unit => HevcUnits.TypeOf(unit));
        bool isWhole = byType.Contains(HevcUnits.Vps) && byType.Contains(HevcUnits.Sps) && byType.Contains(HevcUnits.Pps);
        if (!isWhole || HevcSps.TryRead(byType[HevcUnits.Sps].First(), out HevcSps sps) != OperationStatus.Done)
        {
            return null;
        }

        byte[] record = HvcC.WriteRecord(sps, byType, _lengthBytes);
        _ = HvcC.TryRead(record, out HvcC hvcC);
        return Describe(BoxType.HvcC, record, CodecStrings.Hevc(BoxType.Of(announced.SampleEntryType), hvcC), sps.Width, sps.Height);
    }

    /// <summary>AV1 has its sets in one unit, which every keyframe brings along. AV1 Codec ISO Media File Format Binding §2.4.</summary>
    private TrackDescription? FromSequenceHeader(ReadOnlySpan<byte> keyframe)
    {
        const int hasSize = 0x2;
        ReadOnlySpan<byte> record = Current.CodecConfiguration.Span;
        _ = Obus.TryFindSequenceHeader(record[Math.Min(record.Length, Av1C.UnitsOffset)..], out _, out ReadOnlySpan<byte> known);
        _cameAlong = Obus.TryFindSequenceHeader(keyframe, out ReadOnlySpan<byte> obu, out ReadOnlySpan<byte> payload);
        if (!_cameAlong
            || payload.SequenceEqual(known)
            || (obu[0] & hasSize) == 0
            || Av1SequenceHeader.TryRead(payload, out Av1SequenceHeader header) != OperationStatus.Done)
        {
            return null;
        }

        byte[] written = Av1C.WriteRecord(header, obu);
        _ = Av1C.TryRead(written, out Av1C av1C);
        return Describe(BoxType.Av1C, written, CodecStrings.Av1(av1C), header.Width, header.Height);
    }

    /// <summary>VP9 has no sets: its keyframes say their size, and the rest is as announced.</summary>
    private TrackDescription? FromHeader(ReadOnlySpan<byte> keyframe) =>
        Vp9Keyframe.TryRead(keyframe, out Vp9Keyframe header) == OperationStatus.Done && (header.Width, header.Height) != (Current.Width, Current.Height)
            ? Describe(BoxType.VpcC, announced.CodecConfiguration.ToArray(), announced.Codec, header.Width, header.Height)
            : null;

    /// <summary>What else the sample entry had (colour, aspect, bit rate) was said of other pictures, and stands in the sets.</summary>
    private TrackDescription Describe(BoxType box, byte[] record, string codec, int width, int height)
    {
        BoxWriter boxes = new();
        using (new VisualSampleEntry((ushort)Math.Min(width, ushort.MaxValue), (ushort)Math.Min(height, ushort.MaxValue)).Open(boxes, BoxType.Of(announced.SampleEntryType)))
        using (boxes.Open(box))
        {
            boxes.Bytes(record);
        }

        return announced with
        {
            Codec = codec,
            SampleEntry = boxes.WrittenMemory.ToArray(),
            CodecConfiguration = record,
            Width = width,
            Height = height,
        };
    }

    private static int LengthBytesOf(TrackDescription track) => track.SampleEntryType switch
    {
        "avc1" or "avc3" when AvcC.TryRead(track.CodecConfiguration.Span, out AvcC avcC) == OperationStatus.Done => avcC.LengthBytes,
        "hvc1" or "hev1" when HvcC.TryRead(track.CodecConfiguration.Span, out HvcC hvcC) == OperationStatus.Done => hvcC.LengthBytes,
        _ => NalUnits.LengthBytes,
    };
}
