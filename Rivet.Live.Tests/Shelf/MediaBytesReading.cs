using System.Buffers;
using System.IO.Pipelines;
using Rivet.Live.Core.Shelf;

namespace Rivet.Live.Tests.Shelf;

/// <summary>Reads media bytes as an endpoint does.</summary>
internal static class MediaBytesReading
{
    /// <summary>All of them; disposes them.</summary>
    public static async Task<byte[]> ReadAsync(this MediaBytes media)
    {
        using (media)
        {
            return await media.ReadAsync(0, media.Length);
        }
    }

    public static async Task<byte[]> ReadAsync(this MediaBytes media, long offset, long count)
    {
        Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 0));
        await media.WriteAsync(pipe.Writer, offset, count, CancellationToken.None);
        await pipe.Writer.CompleteAsync();
        ReadResult read = await pipe.Reader.ReadAtLeastAsync((int)count + 1);
        return read.Buffer.ToArray();
    }
}
