using System.IO.Compression;
using System.Security.Cryptography;

namespace Rivet.Live.Core.Hls;

/// <summary>A playlist's bytes, plain and gzipped: the same for every viewer.</summary>
internal sealed class RenderedPlaylist(string text)
{
    private readonly Lazy<ReadOnlyMemory<byte>> _gzip = new(() => Compress(text));

    private readonly Lazy<string> _tag = new(() => $"\"{Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)).AsSpan(0, 8))}\"");

    public string Text => text;

    public ReadOnlyMemory<byte> Identity { get; } = System.Text.Encoding.UTF8.GetBytes(text);

    public ReadOnlyMemory<byte> Gzip => _gzip.Value;

    /// <summary>ETag of the plain bytes: equal where they are.</summary>
    public string Tag => _tag.Value;

    /// <summary>ETag of the gzipped bytes, which are another representation.</summary>
    public string GzipTag => $"{Tag[..^1]}-gzip\"";

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
