using System.Globalization;
using System.Text.RegularExpressions;

namespace Rivet.Live.HlsCheck.Playlists;

/// <summary>The attributes of a tag (RFC 8216bis 4.2).</summary>
internal sealed partial class AttributeList
{
    private readonly Dictionary<string, string> _values = [];

    /// <param name="text">What stands behind the tag's colon.</param>
    /// <param name="mistake">Told what cannot be read.</param>
    public AttributeList(string text, Action<string> mistake)
    {
        int end = 0;
        foreach (Match match in Attribute().Matches(text))
        {
            if (match.Index != end)
            {
                break;
            }

            end = match.Index + match.Length;
            if (!_values.TryAdd(match.Groups["name"].Value, match.Groups["value"].Value))
            {
                mistake($"attribute {match.Groups["name"].Value} twice in one tag");
            }
        }

        if (end != text.Length)
        {
            mistake($"attributes that cannot be read: '{text[end..]}'");
        }
    }

    public IEnumerable<string> Names => _values.Keys;

    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>Its text without quotes; null where it is absent.</summary>
    public string? Text(string name) => _values.GetValueOrDefault(name)?.Trim('"');

    public bool IsQuoted(string name) => _values.GetValueOrDefault(name)?.StartsWith('"') == true;

    public bool IsYes(string name) => Text(name) == "YES";

    public decimal? Decimal(string name) =>
        decimal.TryParse(Text(name), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal number) ? number : null;

    public long? Whole(string name) => long.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>Sorted, so that two tags that say the same read the same.</summary>
    public override string ToString() => string.Join(',', _values.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => $"{pair.Key}={pair.Value}"));

    [GeneratedRegex("""(?<name>[A-Z0-9-]+)=(?<value>"[^"\r\n]*"|[^",]*)(?:,\s*|$)""")]
    private static partial Regex Attribute();
}
