using System.Text.RegularExpressions;

namespace Rivet.Live.Configuration;

/// <summary>Reads <c>Ladder:Renditions</c>: preset names, objects, or both.</summary>
internal static partial class RenditionListReader
{
    private const string Key = "Ladder:Renditions";

    private static readonly string[] Fields = ["Name", "Height", "VideoBitrateBps", "MaxFrameRate", "Codec"];

    /// <summary>Taken by the publisher's own tracks.</summary>
    private static readonly string[] ReservedNames = ["source", "audio", "video"];

    public static IReadOnlyList<RenditionSettings> Read(SettingsReader reader, RenditionCodec codec)
    {
        IReadOnlyList<ListEntry>? entries = reader.List(Key);
        foreach (string field in Fields)
        {
            reader.Know($"{Key}:*:{field}");
        }

        if (entries is null)
        {
            return [.. RenditionPresets.DefaultNames.Select(name => RenditionPresets.Named(name, codec))];
        }

        List<RenditionSettings> renditions = [];
        HashSet<string> taken = new(StringComparer.Ordinal);
        foreach (ListEntry entry in entries)
        {
            RenditionSettings? rendition = entry.IsObject ? FromObject(reader, entry, codec) : FromName(reader, entry, codec);
            if (rendition is null)
            {
                continue;
            }

            if (!taken.Add(rendition.Name))
            {
                reader.Report(entry.Key, $"the name '{rendition.Name}' a second time", "names that differ");
                continue;
            }

            renditions.Add(rendition);
        }

        return renditions;
    }

    private static RenditionSettings? FromName(SettingsReader reader, ListEntry entry, RenditionCodec codec)
    {
        RenditionSettings? preset = entry.Text is null ? null : RenditionPresets.Find(entry.Text, codec);
        if (preset is null)
        {
            string presets = string.Join(", ", RenditionPresets.Names);
            reader.Report(
                entry.Key,
                entry.Text is null ? "an empty entry" : $"'{entry.Text}'",
                $"one of the presets {presets}, or an object with Name, Height and VideoBitrateBps");
        }

        return preset;
    }

    private static RenditionSettings? FromObject(SettingsReader reader, ListEntry entry, RenditionCodec codec)
    {
        int mistakesBefore = reader.Mistakes.Count;
        string nameKey = $"{entry.Key}:Name";
        string? name = reader.Text(nameKey);
        if (name is null || !NameShape().IsMatch(name) || ReservedNames.Contains(name))
        {
            reader.Report(
                nameKey,
                name is null ? "no name" : $"'{name}'",
                "1 to 32 of a-z, 0-9 and '-', beginning with a letter or digit, and not source, audio or video");
        }

        RenditionSettings? preset = name is null ? null : RenditionPresets.Find(name, codec);
        int height = Required(reader, $"{entry.Key}:Height", preset?.Height, least: 64, most: 8640);
        if (height % 2 != 0)
        {
            reader.Report($"{entry.Key}:Height", $"'{height}'", "an even number: chroma has half the lines");
        }

        int bitrate = Required(reader, $"{entry.Key}:VideoBitrateBps", preset?.VideoBitrateBps, least: 10_000, most: 500_000_000);
        double? rate = reader.Rate($"{entry.Key}:MaxFrameRate", most: 480);
        RenditionCodec own = reader.Word($"{entry.Key}:Codec", codec);
        return reader.Mistakes.Count > mistakesBefore ? null : new RenditionSettings(name!, height, bitrate, rate, own);
    }

    private static int Required(SettingsReader reader, string key, int? preset, int least, int most)
    {
        int number = reader.WholeNumber(key, preset ?? 0, least, most);
        if (preset is null && reader.Text(key) is null)
        {
            reader.Report(key, "nothing", $"a whole number from {least} to {most}; only the preset names do without");
        }

        return number;
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,31}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameShape();
}
