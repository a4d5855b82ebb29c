using System.IO.Pipelines;

namespace Rivet.Live.Core.Shelf;

/// <summary>The bytes of one resource, held for one reader, who disposes them: they stay whole, whatever becomes of the resource meanwhile.</summary>
internal abstract class MediaBytes : IDisposable
{
    public abstract long Length { get; }

    /// <summary>Sends a range without a copy of its own.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="count">Bytes from there; both within <see cref="Length"/>.</param>
    /// <param name="aborted">The reader went away.</param>
    public abstract ValueTask WriteAsync(PipeWriter output, long offset, long count, CancellationToken aborted);

    public abstract void Dispose();
}
