namespace Rivet.Live.Core.Broadcast;

/// <summary>How long the frames of a track last.</summary>
/// <param name="Seconds">One frame, on average.</param>
/// <param name="SpreadSeconds">Any number of frames in a row lasts so many times the average, give or take this; 0 where all are alike.</param>
public readonly record struct FrameCadence(double Seconds, double SpreadSeconds)
{
    /// <summary>The longest that so many frames in a row last.</summary>
    public double LongestOf(int frames) => (frames * Seconds) + SpreadSeconds;

    /// <summary>The shortest that so many frames in a row last.</summary>
    public double ShortestOf(int frames) => (frames * Seconds) - SpreadSeconds;
}
