using System.Buffers.Binary;
using Rivet.Live.Core.Buffers;

namespace Rivet.Live.Core.Isolation;

/// <summary>Reads frames off a pipe: four bytes of length, the highest first, and so many bytes.</summary>
/// <param name="pipe">Read by one thread, which waits for it.</param>
/// <param name="payloads">Where frames live.</param>
internal sealed class FrameReader(Stream pipe, PayloadPool payloads)
{
    /// <summary>A frame holds one fragment at most: the largest that <c>Ingest:MaxFragmentBytes</c> can allow, and what is said of it.</summary>
    public const int BytesMax = (1 << 30) + (64 << 20);

    private readonly byte[] _length = new byte[sizeof(int)];

    /// <summary>The next frame, which the caller disposes; null where the other side has closed the pipe between frames.</summary>
    /// <exception cref="InvalidDataException">The length is none, or the pipe ended within a frame.</exception>
    public PayloadHold? Next()
    {
        int read = pipe.ReadAtLeast(_length, _length.Length, throwOnEndOfStream: false);
        if (read == 0)
        {
            return null;
        }

        Require(read == _length.Length, "the end of the pipe within a frame's length");
        uint bytes = BinaryPrimitives.ReadUInt32BigEndian(_length);
        Require(bytes is > 0 and <= BytesMax, $"a frame of {bytes} bytes; expected 1 to {BytesMax}");
        PayloadHold frame = payloads.Rent((int)bytes);
        try
        {
            int filled = pipe.ReadAtLeast(frame.Writable.Span, (int)bytes, throwOnEndOfStream: false);
            Require(filled == (int)bytes, $"the end of the pipe after {filled} of a frame's {bytes} bytes");
            return frame;
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }

    private static void Require(bool isSo, string seen)
    {
        if (!isSo)
        {
            throw new InvalidDataException($"Saw {seen}.");
        }
    }
}
