using System.Diagnostics.CodeAnalysis;

namespace Rivet.Live.Configuration;

/// <summary>What reading the configuration gave: settings, or every mistake at once.</summary>
internal sealed record SettingsReading(LiveSettings? Settings, IReadOnlyList<SettingMistake> Mistakes)
{
    public bool TryGetSettings([NotNullWhen(true)] out LiveSettings? settings)
    {
        settings = Mistakes.Count == 0 ? Settings : null;
        return settings is not null;
    }
}
