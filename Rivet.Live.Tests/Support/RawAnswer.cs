using System.Globalization;
using System.Text.Json;

namespace Rivet.Live.Tests.Support;

/// <summary>What a publisher was told.</summary>
/// <param name="Status">Of the last answer: one that says "continue" does not count.</param>
/// <param name="Head">Status line and headers.</param>
/// <param name="Body">JSON.</param>
internal sealed record RawAnswer(int Status, string Head, JsonElement Body)
{
    public static RawAnswer Parse(string text)
    {
        string head = text[..text.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        string body = text[(head.Length + 4)..];
        int begin = body.IndexOf('{', StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(body[begin..(body.LastIndexOf('}') + 1)]);
        return new RawAnswer(int.Parse(head.Split(' ')[1], CultureInfo.InvariantCulture), head, json.RootElement.Clone());
    }
}
