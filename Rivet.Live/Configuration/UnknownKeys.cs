namespace Rivet.Live.Configuration;

/// <summary>Finds what stands in the configuration and nobody reads: a misspelt key must not pass as a default.</summary>
internal static class UnknownKeys
{
    /// <summary>Sections of the web host; their keys are its business.</summary>
    private static readonly string[] HostSections = ["Logging", "Kestrel", "AllowedHosts"];

    public static void Report(SettingsReader reader, IConfigurationRoot configuration)
    {
        HashSet<string> known = new(reader.KnownKeys, StringComparer.OrdinalIgnoreCase);
        HashSet<string> sections = new(known.Select(Section), StringComparer.OrdinalIgnoreCase);
        HashSet<string> strangeSections = new(StringComparer.OrdinalIgnoreCase);
        foreach (KeyValuePair<string, string?> entry in configuration.AsEnumerable().OrderBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase))
        {
            string section = Section(entry.Key);
            if (HostSections.Contains(section, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!sections.Contains(section))
            {
                if (strangeSections.Add(section))
                {
                    string[] all = [.. sections.Concat(HostSections).Order(StringComparer.OrdinalIgnoreCase)];
                    reader.Report(section, "a section nobody reads", $"{string.Join(", ", all)}{Near(section, all)}");
                }

                continue;
            }

            bool isLeaf = entry.Value is not null || !configuration.GetSection(entry.Key).GetChildren().Any();
            if (isLeaf && !IsKnown(known, entry.Key))
            {
                ReportKey(reader, known, section, entry.Key);
            }
        }
    }

    private static void ReportKey(SettingsReader reader, HashSet<string> known, string section, string key)
    {
        string[] inSection = [.. known.Where(candidate => Section(candidate).Equals(section, StringComparison.OrdinalIgnoreCase) && !candidate.Contains('*'))];
        reader.Report(key, "a key nobody reads", $"{string.Join(", ", inSection.Order(StringComparer.Ordinal))}{Near(key, known)}");
    }

    private static bool IsKnown(HashSet<string> known, string key)
    {
        string[] steps = key.Split(':');
        for (int index = 0; index < steps.Length; index++)
        {
            // Numbers stand for list entries; a list's own reader has already refused entries that are no numbers.
            steps[index] = index >= 2 && int.TryParse(steps[index], out _) ? "*" : steps[index];
        }

        return known.Contains(key) || known.Contains(string.Join(':', steps)) || IsOddListEntry(known, steps);
    }

    private static bool IsOddListEntry(HashSet<string> known, string[] steps) =>
        steps.Length >= 3 && steps[2] != "*" && known.Contains($"{steps[0]}:{steps[1]}:*");

    private static string Section(string key)
    {
        int colon = key.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? key : key[..colon];
    }

    private static string Near(string wrong, IEnumerable<string> candidates)
    {
        string? nearest = null;
        int best = Math.Max(2, wrong.Length / 5) + 1;
        foreach (string candidate in candidates)
        {
            int distance = Distance(wrong.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance < best)
            {
                (nearest, best) = (candidate, distance);
            }
        }

        return nearest is null ? "" : $" (did you mean '{nearest}'?)";
    }

    /// <summary>Letters to change, add or leave out until one text is the other.</summary>
    private static int Distance(string left, string right)
    {
        int[] above = [.. Enumerable.Range(0, right.Length + 1)];
        for (int row = 1; row <= left.Length; row++)
        {
            int[] current = new int[right.Length + 1];
            current[0] = row;
            for (int column = 1; column <= right.Length; column++)
            {
                int change = above[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1);
                current[column] = Math.Min(change, Math.Min(above[column], current[column - 1]) + 1);
            }

            above = current;
        }

        return above[right.Length];
    }
}
