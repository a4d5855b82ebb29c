using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Rivet.Live.Core.Boxes;

namespace Rivet.Live.Core.Recording;

/// <summary>A file as a <see cref="RecordingFile"/> left it, read back: the movie box, and what is in its fragments, as far as they are whole.</summary>
internal sealed class GrownMovie
{
    private readonly SafeFileHandle _file;
    private readonly long _length;
    private readonly Dictionary<uint, SampleTable> _tracks = [];
    private readonly List<(long Offset, long Bytes)> _media = [];

    private GrownMovie(SafeFileHandle file)
    {
        _file = file;
        _length = RandomAccess.GetLength(file);
    }

    /// <summary>The whole moov box.</summary>
    public byte[] Moov { get; private set; } = [];

    /// <summary>By track id.</summary>
    public IReadOnlyDictionary<uint, SampleTable> Tracks => _tracks;

    /// <summary>The bytes of all samples, in the order of the file; chunks' offsets count from the first of them on.</summary>
    public IReadOnlyList<(long Offset, long Bytes)> Media => _media;

    public long MediaBytes { get; private set; }

    /// <summary>Files of a folder that are still in fragments; what a finishing that was cut off left is removed.</summary>
    public static IReadOnlyList<string> FindIn(string folder)
    {
        foreach (string unfinished in Directory.GetFiles(folder, "*" + IndexedMovie.UnfinishedEnding))
        {
            File.Delete(unfinished);
        }

        return [.. Directory.GetFiles(folder, "*.mp4").Where(IsGrown).Order(StringComparer.Ordinal)];
    }

    /// <summary>Reads what is whole.</summary>
    /// <exception cref="InvalidDataException">It is no such file, or nothing in it is whole.</exception>
    public static GrownMovie Read(SafeFileHandle file)
    {
        GrownMovie movie = new(file);
        long offset = 0;
        while (movie.TryReadHeader(offset, out BoxHeader header))
        {
            if (header.Type == BoxType.Moov)
            {
                movie.Moov = movie.ReadBytes(offset, header.BoxBytes);
            }
            else if (header.Type == BoxType.Moof && !movie.TryReadFragment(offset, header))
            {
                break;
            }

            offset += header.BoxBytes;
        }

        return movie.Moov.Length > 0 && movie._media.Count > 0 ? movie : throw new InvalidDataException("There is no whole fragment in it.");
    }

    private static bool IsGrown(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        GrownMovie movie = new(file);
        long offset = 0;
        while (movie.TryReadHeader(offset, out BoxHeader header) && header.Type != BoxType.Moof && header.Type != BoxType.Mdat)
        {
            offset += header.BoxBytes;
        }

        // Without a whole fragment there is nothing that could be finished.
        return movie.TryReadHeader(offset, out BoxHeader first) && first.Type == BoxType.Moof && movie.TryReadHeader(offset + first.BoxBytes, out _);
    }

    /// <summary>False where no whole box begins.</summary>
    private bool TryReadHeader(long offset, out BoxHeader header)
    {
        byte[] bytes = ReadBytes(offset, Math.Min(BoxHeader.BytesMax, _length - offset));
        return BoxHeader.TryRead(bytes, out header) == OperationStatus.Done && header.BoxBytes <= _length - offset;
    }

    private byte[] ReadBytes(long offset, long count)
    {
        byte[] bytes = new byte[count];
        int read = 0;
        while (read < bytes.Length && RandomAccess.Read(_file, bytes.AsSpan(read), offset + read) is > 0 and int more)
        {
            read += more;
        }

        return read == bytes.Length ? bytes : throw new EndOfStreamException("It became shorter while it was read.");
    }

    /// <summary>False where its media is not whole.</summary>
    private bool TryReadFragment(long offset, in BoxHeader moof)
    {
        if (!TryReadHeader(offset + moof.BoxBytes, out BoxHeader mdat))
        {
            return false;
        }

        byte[] bytes = ReadBytes(offset, moof.BoxBytes);
        BoxReader boxes = new(bytes.AsSpan(moof.HeaderBytes));
        while (boxes.TryReadBox(out BoxHeader header, out ReadOnlySpan<byte> payload) == OperationStatus.Done)
        {
            if (header.Type == BoxType.Traf)
            {
                AddTrack(payload);
            }
        }

        _media.Add((offset + moof.BoxBytes + mdat.HeaderBytes, mdat.PayloadBytes));
        MediaBytes += mdat.PayloadBytes;
        return true;
    }

    /// <summary>We write one track into each fragment, whose bytes are all of the mdat.</summary>
    private void AddTrack(ReadOnlySpan<byte> traf)
    {
        Tfhd tfhd = default;
        Tfdt tfdt = default;
        BoxReader boxes = new(traf);
        while (boxes.TryReadBox(out BoxHeader header, out ReadOnlySpan<byte> payload) == OperationStatus.Done)
        {
            if (header.Type == BoxType.Tfhd)
            {
                Tfhd.TryRead(payload, out tfhd);
            }
            else if (header.Type == BoxType.Tfdt)
            {
                Tfdt.TryRead(payload, out tfdt);
            }
            else if (header.Type == BoxType.Trun && Trun.TryRead(payload, out Trun trun) == OperationStatus.Done)
            {
                AddSamples(tfhd, (long)tfdt.BaseMediaDecodeTime, trun, payload);
            }
        }
    }

    private void AddSamples(in Tfhd tfhd, long decodeTime, in Trun trun, ReadOnlySpan<byte> payload)
    {
        if (!_tracks.TryGetValue(tfhd.TrackId, out SampleTable? table))
        {
            _tracks[tfhd.TrackId] = table = new SampleTable();
        }

        TrunEntryReader entries = new(trun, payload, new TrunEntry(tfhd.Duration ?? 0, tfhd.Size ?? 0, tfhd.Flags ?? 0, 0));
        for (uint index = 0; index < trun.SampleCount; index++)
        {
            TrunEntry entry = entries.Next();
            table.Add(decodeTime, entry);
            decodeTime += entry.Duration;
        }

        table.AddChunk((int)trun.SampleCount, MediaBytes);
    }
}
