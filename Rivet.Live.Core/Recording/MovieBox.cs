using System.Buffers;
using Rivet.Live.Core.Boxes;

namespace Rivet.Live.Core.Recording;

/// <summary>The moov of a file in fragments, written again with durations and full sample tables. All else in it stays.</summary>
internal sealed class MovieBox
{
    private readonly GrownMovie _movie;

    // Of the second track, so that where it begins can be said to the tick; the first begins at zero.
    private readonly uint _timescale;

    private readonly Dictionary<uint, Mdhd> _media = [];

    public MovieBox(GrownMovie movie)
    {
        _movie = movie;
        FindTracks(Children(movie.Moov), trackId: 0);
        _timescale = _media.OrderBy(static media => media.Key).Select(static media => media.Value.Timescale).LastOrDefault();
        if (_timescale == 0 || movie.Tracks.Keys.Any(track => _media.GetValueOrDefault(track).Timescale == 0))
        {
            throw new InvalidDataException("Its tracks are not described.");
        }
    }

    /// <summary>Duration of the longest track.</summary>
    public double Seconds => (double)Duration / _timescale;

    private ulong Duration => _movie.Tracks.Keys.Max(track => Ticks(_movie.Tracks[track].Start, track) + Ticks(_movie.Tracks[track].Duration, track));

    /// <param name="boxes">Where to.</param>
    /// <param name="shift">Where the media begins in the file.</param>
    public void Write(BoxWriter boxes, long shift)
    {
        using (boxes.Open(BoxType.Moov))
        {
            Copy(boxes, Children(_movie.Moov), trackId: 0, shift);
        }
    }

    private static ReadOnlySpan<byte> Children(byte[] box) =>
        new BoxReader(box).TryReadBox(out _, out ReadOnlySpan<byte> payload) == OperationStatus.Done ? payload : default;

    /// <summary>A track's ticks on the movie's scale.</summary>
    private ulong Ticks(long ticks, uint track) => (ulong)((Int128)ticks * _timescale / _media[track].Timescale);

    private void FindTracks(ReadOnlySpan<byte> children, uint trackId)
    {
        BoxReader reader = new(children);
        while (reader.TryReadBox(out BoxHeader header, out ReadOnlySpan<byte> payload) == OperationStatus.Done)
        {
            if (header.Type == BoxType.Trak || header.Type == BoxType.Mdia)
            {
                FindTracks(payload, trackId);
            }
            else if (header.Type == BoxType.Tkhd && Tkhd.TryRead(payload, out Tkhd tkhd) == OperationStatus.Done)
            {
                trackId = tkhd.TrackId;
            }
            else if (header.Type == BoxType.Mdhd && Mdhd.TryRead(payload, out Mdhd mdhd) == OperationStatus.Done)
            {
                _media[trackId] = mdhd;
            }
        }
    }

    private void Copy(BoxWriter boxes, ReadOnlySpan<byte> children, uint trackId, long shift)
    {
        BoxReader reader = new(children);
        while (true)
        {
            int start = reader.Consumed;
            if (reader.TryReadBox(out BoxHeader header, out ReadOnlySpan<byte> payload) != OperationStatus.Done)
            {
                return;
            }

            if (header.Type == BoxType.Mvhd && Mvhd.TryRead(payload, out Mvhd mvhd) == OperationStatus.Done)
            {
                (mvhd with { Timescale = _timescale }).Write(boxes, Duration);
            }
            else if (header.Type == BoxType.Trak)
            {
                CopyTrack(boxes, payload, shift);
            }
            else if (header.Type == BoxType.Mdhd)
            {
                _media[trackId].Write(boxes, (ulong)_movie.Tracks[trackId].Duration);
            }
            else if (header.Type == BoxType.Mdia || header.Type == BoxType.Minf)
            {
                using (boxes.Open(header.Type))
                {
                    Copy(boxes, payload, trackId, shift);
                }
            }
            else if (header.Type == BoxType.Stbl)
            {
                CopyTables(boxes, payload, _movie.Tracks[trackId], shift);
            }
            else if (header.Type != BoxType.Mvex)
            {
                boxes.Bytes(children[start..reader.Consumed]);
            }
        }
    }

    /// <summary>A track that has no samples is left out.</summary>
    private void CopyTrack(BoxWriter boxes, ReadOnlySpan<byte> trak, long shift)
    {
        BoxReader reader = new(trak);
        if (reader.TryReadBox(out _, out ReadOnlySpan<byte> payload) != OperationStatus.Done
            || Tkhd.TryRead(payload, out Tkhd tkhd) != OperationStatus.Done
            || !_movie.Tracks.TryGetValue(tkhd.TrackId, out SampleTable? samples))
        {
            return;
        }

        int behindHeader = reader.Consumed;
        long mediaTime = 0;
        if (reader.TryReadBox(out BoxHeader second, out payload) == OperationStatus.Done && second.Type == BoxType.Edts)
        {
            behindHeader = reader.Consumed;
            BoxReader edits = new(payload);
            mediaTime = edits.TryReadBox(out _, out payload) == OperationStatus.Done && Elst.TryRead(payload, out Elst elst) == OperationStatus.Done
                ? elst.MediaTime
                : 0;
        }

        using (boxes.Open(BoxType.Trak))
        {
            WriteTimes(boxes, tkhd, samples, mediaTime);
            Copy(boxes, trak[behindHeader..], tkhd.TrackId, shift);
        }
    }

    /// <summary>Tables begin at zero: what lies in front of the first sample is an edit without media.</summary>
    private void WriteTimes(BoxWriter boxes, in Tkhd tkhd, SampleTable samples, long mediaTime)
    {
        long begins = samples.Start - mediaTime;
        Elst edit = new(begins > 0 ? Ticks(begins, tkhd.TrackId) : 0, Math.Max(0, -begins));
        ulong shown = Ticks(samples.Duration, tkhd.TrackId);
        tkhd.Write(boxes, edit.EmptyDuration + shown);
        using (boxes.Open(BoxType.Edts))
        {
            edit.Write(boxes, shown);
        }
    }

    private static void CopyTables(BoxWriter boxes, ReadOnlySpan<byte> stbl, SampleTable samples, long shift)
    {
        BoxReader reader = new(stbl);
        using (boxes.Open(BoxType.Stbl))
        {
            reader.TryReadBox(out _, out _);
            boxes.Bytes(stbl[..reader.Consumed]); // stsd
            samples.Write(boxes, shift);
        }
    }
}
