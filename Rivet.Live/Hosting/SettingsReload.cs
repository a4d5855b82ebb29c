using Rivet.Live.Configuration;
using Rivet.Live.Endpoints;

namespace Rivet.Live.Hosting;

/// <summary>Reads the configuration again while the server runs, and takes over the keys of publishers, operators and players.</summary>
/// <param name="read">Reads all its sources; null where the settings came from none.</param>
/// <param name="publishers">Who may publish.</param>
/// <param name="operators">Who may run the server's own routes.</param>
/// <param name="players">Who may play.</param>
internal sealed class SettingsReload(Func<SettingsReading>? read, KeyRing publishers, KeyRing operators, PlaybackGate players)
{
    /// <summary>Null where it was done, else why nothing was taken over.</summary>
    public string? Run()
    {
        if (read is null)
        {
            return "The settings of this server did not come from files; there is nothing to read again.";
        }

        SettingsReading reading = read();
        if (!reading.TryGetSettings(out LiveSettings? settings))
        {
            return $"Nothing was taken over, since the configuration has mistakes: {string.Join(" ", reading.Mistakes)}";
        }

        publishers.Replace(settings.Ingest.Keys);
        operators.Replace(settings.Operator.Keys);
        players.Replace(settings.Playback);
        return null;
    }
}
