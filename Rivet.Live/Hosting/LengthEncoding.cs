using System.Text;

namespace Rivet.Live.Hosting;

/// <summary>
/// What Content-Length is read with: digits, and nothing else (RFC 9110 8.6). Kestrel would take <c>+4</c> for 4 and show nobody what was written; whoever
/// stands in front may take it for no length at all, and what is a body for one is a request for the other. It refuses what this makes of it with 400.
/// </summary>
internal sealed class LengthEncoding : ASCIIEncoding
{
    private LengthEncoding()
    {
    }

    public static LengthEncoding Instance { get; } = new();

    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        if (bytes.Length <= chars.Length && !bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return base.GetChars(bytes, chars);
        }

        chars[0] = '?';
        return 1;
    }
}
