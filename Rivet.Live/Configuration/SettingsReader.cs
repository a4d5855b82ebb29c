using System.Globalization;
using System.Text.RegularExpressions;

namespace Rivet.Live.Configuration;

/// <summary>Reads single values from the configuration and keeps every mistake instead of stopping at the first.</summary>
/// <remarks>A key is known because it was asked for here: what nobody asked for is what <see cref="UnknownKeys"/> reports.</remarks>
internal sealed partial class SettingsReader(IConfigurationRoot configuration)
{
    /// <summary>A year: longer than any duration here means anything, and far from where <see cref="TimeSpan"/> overflows.</summary>
    private const double SecondsMax = 31_536_000;

    private readonly List<SettingMistake> _mistakes = [];

    private readonly List<string> _knownKeys = [];

    public IReadOnlyList<SettingMistake> Mistakes => _mistakes;

    /// <summary>Every key asked for so far; a list's entries end in <c>:*</c>.</summary>
    public IReadOnlyList<string> KnownKeys => _knownKeys;

    public void Report(string key, string seen, string allowed) => _mistakes.Add(new SettingMistake(key, seen, allowed));

    /// <summary>Lets a key pass that is read elsewhere or in another shape.</summary>
    public void Know(string key) => _knownKeys.Add(key);

    /// <summary>The value as it stands, or null when nobody wrote one.</summary>
    public string? Text(string key)
    {
        Know(key);
        string? text = configuration[key]?.Trim();
        return string.IsNullOrEmpty(text) ? null : text;
    }

    public TimeSpan Seconds(string key, TimeSpan fallback)
    {
        const string allowed = "a number of seconds greater than 0, at most 31536000, such as 2 or 0.5";
        string? text = Text(key);
        if (text is null)
        {
            return fallback;
        }

        if (!TryReadNumber(text, out double seconds) || seconds <= 0 || seconds > SecondsMax || TimeSpan.FromSeconds(seconds) <= TimeSpan.Zero)
        {
            Report(key, $"'{text}'", allowed);
            return fallback;
        }

        return TimeSpan.FromSeconds(seconds);
    }

    public int WholeNumber(string key, int fallback, int least, int most)
    {
        string? text = Text(key);
        if (text is null)
        {
            return fallback;
        }

        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) || number < least || number > most)
        {
            Report(key, $"'{text}'", string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));
            return fallback;
        }

        return number;
    }

    /// <summary>A rate such as 29.97; null when nobody wrote one.</summary>
    public double? Rate(string key, double most)
    {
        string? text = Text(key);
        if (text is null)
        {
            return null;
        }

        if (!TryReadNumber(text, out double rate) || rate <= 0 || rate > most)
        {
            Report(key, $"'{text}'", string.Create(CultureInfo.InvariantCulture, $"a number greater than 0, at most {most}, or nothing at all"));
            return null;
        }

        return rate;
    }

    public TWord Word<TWord>(string key, TWord fallback)
        where TWord : struct, Enum
    {
        string? text = Text(key);
        if (text is null)
        {
            return fallback;
        }

        if (!KebabWords<TWord>.TryParse(text, out TWord word))
        {
            Report(key, $"'{text}'", $"one of {KebabWords<TWord>.All}");
            return fallback;
        }

        return word;
    }

    /// <summary>Keys that people prove themselves with. Mistakes name the entry, never the value.</summary>
    /// <param name="key">The list.</param>
    /// <param name="mayNameBroadcasts">Whether an entry may be a pattern of broadcasts' names, a blank and the secret.</param>
    public IReadOnlyList<string> Secrets(string key, bool mayNameBroadcasts = false)
    {
        string allowed = "1 to 256 printable ASCII characters without blanks" + (mayNameBroadcasts ? ", or a pattern such as live/team-a/*, one blank and those" : "");
        List<string> secrets = [];
        foreach (ListEntry entry in List(key) ?? [])
        {
            string? secret = mayNameBroadcasts && entry.Text?.Split(' ') is [var pattern, var rest] && BroadcastPattern().IsMatch(pattern) ? rest : entry.Text;
            if (string.IsNullOrEmpty(secret) || secret.Length > 256 || secret.Any(letter => letter is <= ' ' or > '~'))
            {
                Report(entry.Key, entry.Text is null ? "an empty entry" : "an entry of another kind (not shown)", allowed);
                continue;
            }

            secrets.Add(entry.Text!);
        }

        return secrets;
    }

    /// <summary>A folder that exists or can be made; null when nobody wrote one.</summary>
    public string? Folder(string key)
    {
        string? path = Text(key);
        if (path is not null && File.Exists(path))
        {
            Report(key, $"'{path}', which is a file", "a folder (it is made when it does not exist), or nothing at all");
            return null;
        }

        return path;
    }

    /// <summary>
    /// A list's entries: from the highest source that names the list at all, so a given list replaces the one below it. Null when
    /// no source names it; an empty list is a list.
    /// </summary>
    /// <remarks>One value of <c>a,b</c> is a list too, which is how a command line writes one.</remarks>
    public IReadOnlyList<ListEntry>? List(string key)
    {
        Know(key);
        Know($"{key}:*");
        foreach (IConfigurationProvider source in configuration.Providers.Reverse())
        {
            string[] indexes = [.. source.GetChildKeys([], key).Distinct(StringComparer.OrdinalIgnoreCase)];
            bool asOneValue = source.TryGet(key, out string? line) && line is not null;
            if (indexes.Length > 0)
            {
                return Indexed(key, indexes, source, asOneValue && !string.IsNullOrWhiteSpace(line) ? line : null);
            }

            if (asOneValue)
            {
                string[] texts = line!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
                return [.. texts.Select(text => new ListEntry(key, text, IsObject: false))];
            }
        }

        return null;
    }

    private List<ListEntry> Indexed(string key, string[] indexes, IConfigurationProvider source, string? line)
    {
        if (line is not null)
        {
            Report(key, $"'{line}' beside numbered entries", $"either one value 'a,b' or entries '{key}:0', '{key}:1', not both");
        }

        List<ListEntry> entries = [];
        foreach (string index in indexes.OrderBy(index => index, ConfigurationKeyComparer.Instance))
        {
            string entryKey = $"{key}:{index}";
            if (!int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                Report(entryKey, $"the entry '{index}'", $"entries are numbered: '{key}:0', '{key}:1'");
                continue;
            }

            source.TryGet(entryKey, out string? text);
            bool isObject = source.GetChildKeys([], entryKey).Any();
            entries.Add(new ListEntry(entryKey, string.IsNullOrWhiteSpace(text) ? null : text.Trim(), isObject));
        }

        return entries;
    }

    /// <summary>Letters of broadcasts' names, with a star at the end or without.</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9._/-]*\*?\z", RegexOptions.CultureInvariant)]
    private static partial Regex BroadcastPattern();

    private static bool TryReadNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number)
        && double.IsFinite(number);
}
