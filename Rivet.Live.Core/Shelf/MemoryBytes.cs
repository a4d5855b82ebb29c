using System.IO.Pipelines;
using Rivet.Live.Core.Buffers;

namespace Rivet.Live.Core.Shelf;

/// <summary>Bytes in memory: of one part, or of a segment part by part.</summary>
internal sealed class MemoryBytes : MediaBytes
{
    private readonly PayloadHold[] _holds;

    /// <param name="holds">In their order; this owns them from now on.</param>
    public MemoryBytes(params PayloadHold[] holds)
    {
        _holds = holds;
        Pieces = Array.ConvertAll(holds, static hold => hold.Memory);
        Length = Pieces.Sum(static piece => (long)piece.Length);
    }

    /// <summary>Bytes that nobody lent.</summary>
    public MemoryBytes(ReadOnlyMemory<byte> whole)
    {
        _holds = [];
        Pieces = [whole];
        Length = whole.Length;
    }

    public override long Length { get; }

    public ReadOnlyMemory<byte>[] Pieces { get; }

    public override async ValueTask WriteAsync(PipeWriter output, long offset, long count, CancellationToken aborted)
    {
        foreach (ReadOnlyMemory<byte> piece in Pieces)
        {
            if (offset < piece.Length && count > 0)
            {
                ReadOnlyMemory<byte> wanted = piece[(int)offset..(int)Math.Min(piece.Length, offset + count)];
                await output.WriteAsync(wanted, aborted);
                count -= wanted.Length;
            }

            offset = Math.Max(0, offset - piece.Length);
        }
    }

    public override void Dispose()
    {
        foreach (PayloadHold hold in _holds)
        {
            hold.Dispose();
        }
    }
}
