using System.IO.Pipelines;
using Microsoft.Win32.SafeHandles;

namespace Rivet.Live.Core.Shelf;

/// <summary>Bytes in a file, which can be removed meanwhile.</summary>
/// <param name="file">Open for reading; this owns it.</param>
/// <param name="reads">How many reads there may be at once, over all files.</param>
internal sealed class FileBytes(SafeFileHandle file, SemaphoreSlim reads) : MediaBytes
{
    private const int BytesAtOnce = 64 * 1024;

    public override long Length { get; } = RandomAccess.GetLength(file);

    /// <exception cref="IOException">The disk fails, or the file is shorter than it was.</exception>
    public override async ValueTask WriteAsync(PipeWriter output, long offset, long count, CancellationToken aborted)
    {
        while (count > 0)
        {
            Memory<byte> buffer = output.GetMemory((int)Math.Min(BytesAtOnce, count));
            int read = await ReadAsync(buffer[..(int)Math.Min(buffer.Length, count)], offset, aborted);
            output.Advance(read);
            offset += read;
            count -= read;
            await output.FlushAsync(aborted);
        }
    }

    public override void Dispose() => file.Dispose();

    private async Task<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken aborted)
    {
        await reads.WaitAsync(aborted);
        try
        {
            int read = await RandomAccess.ReadAsync(file, buffer, offset, aborted);
            return read > 0 ? read : throw new EndOfStreamException("A spilled segment is shorter than it was written.");
        }
        finally
        {
            reads.Release();
        }
    }
}
