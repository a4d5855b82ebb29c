using System.Text.RegularExpressions;

namespace Rivet.Live.HlsCheck.Playlists;

/// <summary>EXT-X-DEFINE and what it replaces (RFC 8216bis 4.3, 4.4.2.3).</summary>
internal sealed partial class PlaylistVariables(Uri uri, IReadOnlyDictionary<string, string> imports)
{
    /// <summary>How a mistake about a variable begins.</summary>
    public const string Mistake = "variable: ";

    private readonly Dictionary<string, string> _values = [];

    public IReadOnlyDictionary<string, string> Values => _values;

    public string Substitute(string line, Action<string> mistake) => Reference().Replace(line, reference =>
    {
        string name = reference.Groups[1].Value;
        if (_values.TryGetValue(name, out string? value))
        {
            return value;
        }

        mistake($"{Mistake}{{${name}}} is not defined");
        return reference.Value;
    });

    public void Define(PlaylistTag tag, Action<string> mistake)
    {
        if (tag.Name != "EXT-X-DEFINE")
        {
            return;
        }

        AttributeList attributes = new(tag.Value, mistake);
        (string? name, string? value) = attributes switch
        {
            _ when attributes.Text("NAME") is { } named => (named, attributes.Text("VALUE")),
            _ when attributes.Text("IMPORT") is { } imported => (imported, imports.GetValueOrDefault(imported)),
            _ when attributes.Text("QUERYPARAM") is { } parameter => (parameter, QueryValue(parameter)),
            _ => (null, null),
        };
        if (name is null || value is null)
        {
            mistake($"{Mistake}EXT-X-DEFINE:{tag.Value} gives {name ?? "nothing"} no value");
        }
        else if (!_values.TryAdd(name, value))
        {
            mistake($"{Mistake}{name} is defined twice");
        }
    }

    private string? QueryValue(string name) => uri.Query.TrimStart('?').Split('&')
        .Select(static pair => pair.Split('=', 2))
        .Where(pair => pair[0] == name && pair.Length == 2)
        .Select(static pair => Uri.UnescapeDataString(pair[1]))
        .FirstOrDefault();

    [GeneratedRegex(@"\{\$([A-Za-z0-9_-]+)\}")]
    private static partial Regex Reference();
}
