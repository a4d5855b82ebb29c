namespace Rivet.Live.Configuration;

/// <summary>The renditions that a name alone picks.</summary>
internal static class RenditionPresets
{
    private static readonly (string Name, int Height, int VideoBitrateBps)[] Presets =
    [
        ("1080p", 1080, 5_000_000),
        ("720p", 720, 2_500_000),
        ("480p", 480, 1_200_000),
        ("360p", 360, 800_000),
        ("240p", 240, 400_000),
    ];

    public static IReadOnlyList<string> DefaultNames { get; } = ["720p", "480p", "240p"];

    public static IReadOnlyList<string> Names { get; } = [.. Presets.Select(preset => preset.Name)];

    /// <exception cref="ArgumentException">No preset has that name.</exception>
    public static RenditionSettings Named(string name, RenditionCodec codec) => Find(name, codec)
        ?? throw new ArgumentException($"'{name}' is not a preset; the presets are {string.Join(", ", Names)}.", nameof(name));

    public static RenditionSettings? Find(string name, RenditionCodec codec)
    {
        foreach ((string Name, int Height, int VideoBitrateBps) preset in Presets)
        {
            if (string.Equals(preset.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return new RenditionSettings(preset.Name, preset.Height, preset.VideoBitrateBps, MaxFrameRate: null, codec);
            }
        }

        return null;
    }
}
