using System.Security.Cryptography;
using System.Text;

namespace Rivet.Live.Endpoints;

/// <summary>One key and what may be published with it.</summary>
internal sealed class KeyGrant
{
    private readonly byte[] _digest;
    private readonly string[] _patterns;

    private KeyGrant(byte[] digest, string[] patterns)
    {
        _digest = digest;
        _patterns = patterns;
    }

    /// <summary>The same for every request with this key; tells nothing of it outside this process.</summary>
    public string Owner => Convert.ToHexStringLower(_digest);

    /// <param name="entry">A key, or a pattern, a blank and the key.</param>
    public static KeyGrant Parse(string entry)
    {
        int blank = entry.IndexOf(' ', StringComparison.Ordinal);
        return new KeyGrant(SHA256.HashData(Encoding.UTF8.GetBytes(entry[(blank + 1)..])), blank < 0 ? ["*"] : [entry[..blank]]);
    }

    /// <summary>Takes as long for every key.</summary>
    public bool IsOf(byte[] digest) => CryptographicOperations.FixedTimeEquals(_digest, digest);

    /// <summary>What one key may publish that stands in several entries.</summary>
    public KeyGrant And(KeyGrant? other) => other is null ? this : new KeyGrant(_digest, [.. _patterns, .. other._patterns]);

    /// <param name="path">A broadcast's name, or that of an object inside one.</param>
    public bool Allows(string path) => Array.Exists(_patterns, pattern => Matches(pattern, path)
        || (IngestPath.NamesAnObject(path) && Matches(pattern, path[..Math.Max(0, path.LastIndexOf('/'))])));

    /// <summary><c>*</c> stands for any characters at the end, <c>/</c> among them.</summary>
    private static bool Matches(string pattern, string path) => pattern.EndsWith('*')
        ? path.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : path == pattern;
}
