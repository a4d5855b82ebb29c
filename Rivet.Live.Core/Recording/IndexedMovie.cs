using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Rivet.Live.Core.Boxes;

namespace Rivet.Live.Core.Recording;

/// <summary>A recording with its index: a plain MP4, its tables in front of all media, which every player and editor takes.</summary>
/// <param name="Bytes">Size.</param>
/// <param name="Seconds">Duration.</param>
internal sealed record IndexedMovie(long Bytes, double Seconds)
{
    /// <summary>Of the file that is written beside the growing one, before it takes its place.</summary>
    public const string UnfinishedEnding = ".finishing";

    private const int BytesAtOnce = 1 << 20;

    /// <summary>A 64-bit size: recordings of a day are larger than 32 bits can say.</summary>
    private const int MdatHeaderBytes = 16;

    /// <summary>Writes the indexed file beside the growing one, then puts it in its place; who reads the old one meanwhile goes on reading it.</summary>
    /// <param name="path">The growing file, to which nothing is added any more.</param>
    /// <param name="samples">How many samples were written to it; null where nobody knows.</param>
    /// <param name="aborting">Leaves the growing file as it is.</param>
    /// <exception cref="InvalidDataException">It cannot be indexed.</exception>
    /// <exception cref="IOException">The disk does not take it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static IndexedMovie Replace(string path, long? samples, CancellationToken aborting)
    {
        string unfinished = path + UnfinishedEnding;
        try
        {
            IndexedMovie movie;
            using (SafeFileHandle grown = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan))
            {
                movie = Write(grown, unfinished, samples, aborting);
            }

            File.Move(unfinished, path, overwrite: true);
            return movie;
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    private static IndexedMovie Write(SafeFileHandle grown, string path, long? samples, CancellationToken aborting)
    {
        GrownMovie movie = GrownMovie.Read(grown);
        long found = movie.Tracks.Values.Sum(static track => (long)track.Samples);
        if (samples is { } written && written != found)
        {
            throw new InvalidDataException($"{written} samples were written to it, and {found} are in it.");
        }

        MovieBox moov = new(movie);
        BoxWriter front = new();
        new Ftyp(BoxType.Of("isom"), 0x200, [BoxType.Of("isom"), BoxType.Of("iso2"), BoxType.Of("mp41")]).Write(front);
        int ftypBytes = front.Written;
        moov.Write(front, shift: 0);

        // Offsets have a fixed width: with the right ones the box has the same size.
        long mediaAt = front.Written + MdatHeaderBytes;
        front = new BoxWriter(new byte[mediaAt]);
        new Ftyp(BoxType.Of("isom"), 0x200, [BoxType.Of("isom"), BoxType.Of("iso2"), BoxType.Of("mp41")]).Write(front);
        moov.Write(front, mediaAt);
        front.UInt32(1);
        front.UInt32(BoxType.Mdat.Code);
        front.UInt64((ulong)(MdatHeaderBytes + movie.MediaBytes));

        // The size is told first, so that a full disk refuses at once.
        long bytes = mediaAt + movie.MediaBytes;
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, preallocationSize: bytes);
        RandomAccess.Write(file, front.WrittenMemory.Span, 0);
        Copy(grown, file, movie, mediaAt, aborting);

        // Its bytes reach the disk before its name does: a power cut leaves one of the two files whole.
        RandomAccess.FlushToDisk(file);
        return new IndexedMovie(bytes, moov.Seconds);
    }

    private static void Copy(SafeFileHandle from, SafeFileHandle to, GrownMovie movie, long at, CancellationToken aborting)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BytesAtOnce);
        try
        {
            foreach ((long offset, long bytes) in movie.Media)
            {
                long copied = 0;
                while (copied < bytes)
                {
                    aborting.ThrowIfCancellationRequested();
                    int read = RandomAccess.Read(from, buffer.AsSpan(0, (int)Math.Min(buffer.Length, bytes - copied)), offset + copied);
                    if (read == 0)
                    {
                        throw new EndOfStreamException("It became shorter while it was read.");
                    }

                    RandomAccess.Write(to, buffer.AsSpan(0, read), at);
                    copied += read;
                    at += read;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
