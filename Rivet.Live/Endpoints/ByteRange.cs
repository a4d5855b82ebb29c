using System.Globalization;

namespace Rivet.Live.Endpoints;

/// <summary>One range of a representation's bytes (RFC 9110 14).</summary>
/// <param name="Offset">First byte.</param>
/// <param name="Count">Bytes from there; 0 where the representation has none of those asked for.</param>
internal readonly record struct ByteRange(long Offset, long Count)
{
    private const string Unit = "bytes=";

    /// <summary>
    /// What the request asks for; null where the whole is the answer: no range, one of another version, several at once, or none that can be
    /// read. A last position past the end means the end, as 9007199254740991 does, with which players ask for a part that grows (RFC 8673).
    /// </summary>
    public static ByteRange? Of(HttpRequest request, string tag, long length)
    {
        string? text = request.Headers.Range;
        if (text is null || !HttpMethods.IsGet(request.Method) || !text.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        string? condition = request.Headers.IfRange;
        return condition is null || condition == tag ? Read(text.AsSpan(Unit.Length).Trim(' '), length) : null;
    }

    /// <summary>Content-Range of an answer that has no byte of what was asked for.</summary>
    public static string Unsatisfied(long length) => string.Create(CultureInfo.InvariantCulture, $"bytes */{length}");

    /// <summary>Content-Range of this part of so many bytes.</summary>
    public string Of(long length) => string.Create(CultureInfo.InvariantCulture, $"bytes {Offset}-{Offset + Count - 1}/{length}");

    private static ByteRange? Read(ReadOnlySpan<char> range, long length)
    {
        int dash = range.IndexOf('-');
        if (dash < 0 || Position(range[(dash + 1)..]) is not { } last || Position(range[..dash]) is not { } first || range.Length == 1)
        {
            return null;
        }

        if (dash == 0)
        {
            // A suffix: so many bytes before the end.
            long count = Math.Min(last, length);
            return new ByteRange(length - count, count);
        }

        if (last < first)
        {
            return null;
        }

        return first >= length ? new ByteRange(0, 0) : new ByteRange(first, Math.Min(last, length - 1) - first + 1);
    }

    /// <summary>A position; none given is past every end, and so is one too large to count. Null for anything that is no number.</summary>
    private static long? Position(ReadOnlySpan<char> digits) =>
        digits.ContainsAnyExceptInRange('0', '9') ? null
        : long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long position) ? position
        : long.MaxValue;
}
