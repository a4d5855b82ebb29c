using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Rivet.Live.Endpoints;

/// <summary>
/// Makes and checks the mark <c>~EXPIRES-SIGNATURE</c> in front of a broadcast's name in a playback URL. It opens everything of that broadcast,
/// playlists and media, until it expires; URIs in playlists are relative, so players carry it along and playlists stay the same for everybody.
/// </summary>
/// <remarks>EXPIRES is in seconds since 1970; SIGNATURE is HMAC-SHA256 over <c>BROADCAST \n EXPIRES</c> in base64url without padding.</remarks>
internal sealed class UrlSigner(byte[] secret)
{
    public const char Mark = '~';

    /// <summary>The mark for a broadcast, without <see cref="Mark"/>.</summary>
    public string Sign(string broadcast, DateTimeOffset expires)
    {
        string seconds = expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"{seconds}-{SignatureOf(broadcast, seconds)}";
    }

    /// <summary>Why a mark does not open a broadcast: a word and a sentence; null where it does.</summary>
    public (string Reason, string Detail)? WhyNot(ReadOnlySpan<char> mark, string broadcast, DateTimeOffset now)
    {
        int dash = mark.IndexOf('-');
        string seconds = dash < 0 ? "" : mark[..dash].ToString();
        byte[] expected = Encoding.ASCII.GetBytes(SignatureOf(broadcast, seconds));
        byte[] seen = Encoding.UTF8.GetBytes(mark[(dash + 1)..].ToString());
        if (!CryptographicOperations.FixedTimeEquals(expected, seen) || !long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out long expires))
        {
            return ("wrong-signature", $"The URL's signature is not one for '{broadcast}'. Ask whoever gave you the URL for a new one.");
        }

        return now.ToUnixTimeSeconds() >= expires
            ? ("expired", "The URL has expired. Ask whoever gave you the URL for a new one.")
            : null;
    }

    private string SignatureOf(string broadcast, string seconds) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{broadcast}\n{seconds}")));
}
