namespace Rivet.Live.Core.Broadcast;

/// <summary>Finds the part length that whole frames fill. Pure.</summary>
/// <remarks>
/// Parts of all tracks are cut at the same times where that is possible, so that a segment ends with a whole part in each of them: frames of
/// AAC, of which 23 fit into half a second, would leave one of 43 ms behind every four, and hls.js takes a segment of which so little is missing for loaded.
/// </remarks>
public static class PartTargetRule
{
    /// <summary>What parts must fill of their target, in playlists: RFC 8216bis 4.4.4.9.</summary>
    public const double LeastFill = 0.85;

    // A hundredth more is planned, for what is rounded on the way to a player.
    private const double PlannedFill = 0.86;

    /// <summary>Decimals of durations in playlists.</summary>
    private const double StepsPerSecond = 100_000;

    /// <summary>So much longer or shorter than wanted parts may be to be cut at the same times.</summary>
    private const double Stretch = 0.25;

    /// <summary>What is nearer to a whole number of frames is meant to be one: 29.97 pictures a second.</summary>
    private const double WholeWithin = 0.005;

    /// <summary>The length nearest to the wanted one that frames of every cadence fill well, in whole hundred-thousandths of a second.</summary>
    public static PartLength Choose(double wantedSeconds, IReadOnlyList<FrameCadence> cadences)
    {
        double nearest = cadences.OrderByDescending(static cadence => cadence.Seconds).Select(cadence => Whole(wantedSeconds, cadence))
            .FirstOrDefault(whole => Math.Abs(whole - wantedSeconds) <= WholeWithin * wantedSeconds, wantedSeconds);
        return cadences.SelectMany(cadence => WholeFrames(cadence, (1 + Stretch) * wantedSeconds).Select(frames => frames * cadence.Seconds)).Prepend(nearest)
            .Where(every => Math.Abs(every - wantedSeconds) <= Stretch * wantedSeconds)
            .Select(every => Cut(every, cadences)).OfType<PartLength>()
            .OrderBy(length => Math.Abs(length.EverySeconds - nearest)).Select(static length => (PartLength?)length)
            .FirstOrDefault() ?? PartLength.Filled(Fill(wantedSeconds, cadences));
    }

    /// <summary>Parts that end with the frame that reaches a multiple of a time; null where some would be too short.</summary>
    private static PartLength? Cut(double everySeconds, IReadOnlyList<FrameCadence> cadences)
    {
        double target = RoundUp(cadences.Select(cadence => cadence.LongestOf((int)Math.Ceiling((everySeconds / cadence.Seconds) - 1e-4))).DefaultIfEmpty(everySeconds).Max());
        return cadences.All(cadence => cadence.ShortestOf((int)Math.Floor((everySeconds / cadence.Seconds) + 1e-4)) >= PlannedFill * target)
            ? new PartLength(target, everySeconds)
            : null;
    }

    /// <summary>The whole number of frames that is nearest to a time, at least one.</summary>
    private static double Whole(double seconds, FrameCadence cadence) => Math.Max(1, Math.Round(seconds / cadence.Seconds)) * cadence.Seconds;

    private static double Fill(double wantedSeconds, IReadOnlyList<FrameCadence> cadences)
    {
        double wanted = RoundUp(wantedSeconds);
        if (Suits(wanted, cadences))
        {
            return wanted;
        }

        // From eight of the longest frames on, whatever remains unfilled is less than 14 %.
        double longest = cadences.Max(static cadence => cadence.Seconds + cadence.SpreadSeconds);
        double limit = Math.Max(2 * wanted, 16 * longest);
        return cadences.SelectMany(cadence => WholeFrames(cadence, limit).Select(frames => RoundUp(cadence.LongestOf(frames))))
            .Where(target => Suits(target, cadences))
            .MinBy(target => Math.Abs(target - wanted));
    }

    private static IEnumerable<int> WholeFrames(FrameCadence cadence, double limit)
    {
        for (int frames = 1; cadence.LongestOf(frames) <= limit; frames++)
        {
            yield return frames;
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
