using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Rivet.Live.Endpoints;

/// <summary>Keys that let somebody in, or nobody's keys: then only this machine's own requests may enter.</summary>
/// <remarks>Keys are kept and compared as digests, all of them every time, so that time tells nothing and no key is ever logged.</remarks>
internal sealed class KeyRing(IReadOnlyList<string> keys)
{
    private volatile byte[][] _digests = [.. keys.Select(Digest)];

    /// <summary>True where no key is configured: only loopback may enter.</summary>
    public bool IsLoopbackOnly => _digests.Length == 0;

    /// <summary>From now on these keys let in, and no others.</summary>
    public void Replace(IReadOnlyList<string> newKeys) => _digests = [.. newKeys.Select(Digest)];

    /// <summary>Looks at <c>Authorization: Bearer KEY</c>, the password of Basic, or <c>?key=KEY</c>.</summary>
    public KeyVerdict Judge(HttpContext context)
    {
        if (IsLoopbackOnly)
        {
            return context.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote) && !IsOfAnotherSite(context.Request)
                ? KeyVerdict.Welcome
                : KeyVerdict.Wrong;
        }

        return KeyOf(context.Request) is { } key ? Opens(key) ? KeyVerdict.Welcome : KeyVerdict.Wrong : KeyVerdict.Missing;
    }

    /// <summary>A browser on this machine asks, for a page that came from elsewhere.</summary>
    private static bool IsOfAnotherSite(HttpRequest request) => request.Headers.Origin.ToString() is { Length: > 0 } origin
        && (!Uri.TryCreate(origin, UriKind.Absolute, out Uri? site) || !string.Equals(site.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));

    private static string? KeyOf(HttpRequest request)
    {
        string? authorization = request.Headers.Authorization;
        if (authorization is null)
        {
            return request.Query["key"];
        }

        if (authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return authorization["Bearer ".Length..].Trim();
        }

        return authorization.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) ? PasswordOf(authorization["Basic ".Length..].Trim()) : null;
    }

    /// <summary>The password of Basic credentials; the user name does not matter.</summary>
    private static string? PasswordOf(string credentials)
    {
        Span<byte> decoded = stackalloc byte[1024];
        if (!Convert.TryFromBase64String(credentials, decoded, out int bytes))
        {
            return null;
        }

        string text = Encoding.UTF8.GetString(decoded[..bytes]);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : text[(colon + 1)..];
    }

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private bool Opens(string key)
    {
        byte[] digest = Digest(key);
        bool opens = false;
        foreach (byte[] known in _digests)
        {
            opens |= CryptographicOperations.FixedTimeEquals(known, digest);
        }

        return opens;
    }
}
