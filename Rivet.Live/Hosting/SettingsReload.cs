using System.Diagnostics.CodeAnalysis;
using Rivet.Live.Configuration;
using Rivet.Live.Core.Pipeline;
using Rivet.Live.Endpoints;

namespace Rivet.Live.Hosting;

/// <summary>Reads the configuration again while the server runs, and takes over the keys of publishers, operators and players, and the ladder.</summary>
/// <param name="read">Reads all its sources; null where the settings came from none.</param>
/// <param name="publishers">Who may publish.</param>
/// <param name="operators">Who may run the server's own routes.</param>
/// <param name="players">Who may play.</param>
/// <param name="pipeline">Whose broadcasts begin with the ladder.</param>
internal sealed class SettingsReload(Func<SettingsReading>? read, KeyRing publishers, KeyRing operators, PlaybackGate players, LivePipeline pipeline)
{
    /// <param name="receipt">What was done; null where nothing was taken over.</param>
    /// <param name="why">Why nothing was; null where it was done.</param>
    public bool TryRun([NotNullWhen(true)] out ReloadReceipt? receipt, [NotNullWhen(false)] out string? why)
    {
        receipt = null;
        why = null;
        if (read is null)
        {
            why = "The settings of this server did not come from files; there is nothing to read again.";
            return false;
        }

        SettingsReading reading = read();
        if (!reading.TryGetSettings(out LiveSettings? settings))
        {
            why = $"Nothing was taken over, since the configuration has mistakes: {string.Join(" ", reading.Mistakes)}";
            return false;
        }

        publishers.Replace(settings.Ingest.Keys);
        operators.Replace(settings.Operator.Keys);
        players.Replace(settings.Playback);
        receipt = new ReloadReceipt(
            "hold from now on",
            [.. settings.Ladder.Renditions.Select(static rendition => rendition.Name)],
            [.. pipeline.ReplaceLadder(LivePlans.Of(settings).Ladder).Select(static session => session.Broadcast.ToString())]);
        return true;
    }
}
