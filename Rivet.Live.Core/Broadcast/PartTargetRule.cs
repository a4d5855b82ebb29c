namespace Rivet.Live.Core.Broadcast;

/// <summary>Finds the part target that whole frames fill. Pure.</summary>
public static class PartTargetRule
{
    /// <summary>What parts must fill of their target, in playlists: RFC 8216bis 4.4.4.9.</summary>
    public const double LeastFill = 0.85;

    // A hundredth more is planned, for what is rounded on the way to a player.
    private const double PlannedFill = 0.86;

    /// <summary>Decimals of durations in playlists.</summary>
    private const double StepsPerSecond = 100_000;

    /// <summary>The target nearest to the wanted one that frames of every cadence fill well, in whole hundred-thousandths of a second.</summary>
    public static double Choose(double wantedSeconds, IReadOnlyList<FrameCadence> cadences)
    {
        double wanted = RoundUp(wantedSeconds);
        if (Suits(wanted, cadences))
        {
            return wanted;
        }

        // From eight of the longest frames on, whatever remains unfilled is less than 14 %.
        double longest = cadences.Max(static cadence => cadence.Seconds + cadence.SpreadSeconds);
        double limit = Math.Max(2 * wanted, 16 * longest);
        return cadences.SelectMany(cadence => WholeFrames(cadence, limit))
            .Where(target => Suits(target, cadences))
            .MinBy(target => Math.Abs(target - wanted));
    }

    private static IEnumerable<double> WholeFrames(FrameCadence cadence, double limit)
    {
        for (int frames = 1; cadence.LongestOf(frames) <= limit; frames++)
        {
            yield return RoundUp(cadence.LongestOf(frames));
        }
    }

    private static bool Suits(double target, IReadOnlyList<FrameCadence> cadences) => cadences.All(cadence => Suits(target, cadence));

    private static bool Suits(double target, FrameCadence cadence)
    {
        int frames = (int)Math.Floor(((target - cadence.SpreadSeconds) / cadence.Seconds) + 1e-9);
        return frames > 0 && cadence.ShortestOf(frames) >= (PlannedFill * target) - 1e-9;
    }

    private static double RoundUp(double seconds) => Math.Ceiling((seconds * StepsPerSecond) - 1e-6) / StepsPerSecond;
}
