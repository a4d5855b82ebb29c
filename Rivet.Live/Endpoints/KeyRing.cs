using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Rivet.Live.Endpoints;

/// <summary>Keys that let somebody in, or nobody's keys: then only this machine's own requests may enter.</summary>
/// <remarks>Keys are kept and compared as digests, all of them every time, so that time tells nothing and no key is ever logged.</remarks>
internal sealed class KeyRing
{
    // Swapped whole: whoever judges reads it once.
    private KeyGrant[] _grants = [];

    /// <param name="keys">See <see cref="Replace"/>.</param>
    public KeyRing(IReadOnlyList<string> keys) => Replace(keys);

    /// <summary>True where no key is configured: only loopback may enter.</summary>
    public bool IsLoopbackOnly => Volatile.Read(ref _grants).Length == 0;

    /// <summary>From now on these keys hold, and no others.</summary>
    /// <param name="keys">Each a key, or a pattern of broadcasts' names, a blank and the key for those.</param>
    public void Replace(IReadOnlyList<string> keys) => Volatile.Write(ref _grants, [.. keys.Select(KeyGrant.Parse)]);

    /// <summary>Looks at <c>Authorization: Bearer KEY</c>, the password of Basic, or <c>?key=KEY</c>.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">What it wants to publish; null where that does not matter.</param>
    public KeyVerdict Judge(HttpContext context, string? path = null)
    {
        if (IsLoopbackOnly)
        {
            return context.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote) && !IsOfAnotherSite(context.Request)
                ? KeyVerdict.Welcome
                : KeyVerdict.Wrong;
        }

        return KeyOf(context.Request) is not { } key ? KeyVerdict.Missing
            : GrantOf(key) is not { } grant ? KeyVerdict.Wrong
            : path is null || grant.Allows(path) ? KeyVerdict.Welcome
            : KeyVerdict.WrongBroadcast;
    }

    /// <summary>Who a request comes from: the same for requests with the same key, or, without one, from the same machine.</summary>
    public string OwnerOf(HttpContext context) => KeyOf(context.Request) is { } key && GrantOf(key) is { } grant
        ? grant.Owner
        : context.Connection.RemoteIpAddress?.ToString() ?? "unknown";

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

    private KeyGrant? GrantOf(string key)
    {
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        KeyGrant? found = null;
        foreach (KeyGrant grant in Volatile.Read(ref _grants))
        {
            found = grant.IsOf(digest) ? grant.And(found) : found;
        }

        return found;
    }
}
