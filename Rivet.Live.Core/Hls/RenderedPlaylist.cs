using System.IO.Compression;

namespace Rivet.Live.Core.Hls;

/// <summary>A playlist's bytes, plain and gzipped: the same for every viewer.</summary>
internal sealed class RenderedPlaylist(string text)
{
    private readonly Lazy<ReadOnlyMemory<byte>> _gzip = new(() => Compress(text));

    public ReadOnlyMemory<byte> Identity { get; } = System.Text.Encoding.UTF8.GetBytes(text);

    public ReadOnlyMemory<byte> Gzip => _gzip.Value;

    private static byte[] Compress(string text)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(System.Text.Encoding.UTF8.GetBytes(text));
        }

        return compressed.ToArray();
    }
}
