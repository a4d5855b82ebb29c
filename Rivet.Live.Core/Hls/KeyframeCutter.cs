using System.IO.Pipelines;
using Rivet.Live.Core.Packaging;
using Rivet.Live.Core.Shelf;

namespace Rivet.Live.Core.Hls;

/// <summary>Cuts the first picture out of a segment, wherever its bytes lie. Made when asked for: trick play is rare.</summary>
internal static class KeyframeCutter
{
    /// <summary>Our parts are a few dozen samples: their moof is far smaller.</summary>
    private const int MoofBytesMax = 65536;

    public static async Task<MediaBytes> CutAsync(MediaBytes segment, CancellationToken aborted)
    {
        byte[] beginning = await ReadAsync(segment, 0, Math.Min(segment.Length, MoofBytesMax), aborted);
        if (!Keyframe.TryFind(beginning, out Keyframe keyframe))
        {
            throw new InvalidOperationException("A segment of ours does not begin with a movie fragment.");
        }

        byte[] sample = await ReadAsync(segment, keyframe.Offset, keyframe.IsPicture ? keyframe.Entry.Size : 0, aborted);
        return new MemoryBytes(keyframe.Write(sample));
    }

    private static async Task<byte[]> ReadAsync(MediaBytes media, long offset, long count, CancellationToken aborted)
    {
        using MemoryStream read = new((int)count);
        PipeWriter writer = PipeWriter.Create(read, new StreamPipeWriterOptions(leaveOpen: true));
        await media.WriteAsync(writer, offset, count, aborted);
        await writer.CompleteAsync();
        return read.ToArray();
    }
}
