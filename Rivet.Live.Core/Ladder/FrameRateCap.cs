using Rivet.Live.Core.Broadcast;

namespace Rivet.Live.Core.Ladder;

/// <summary>Leaves pictures out so that no more than a given number a second remain. Chunk starts always stay.</summary>
internal sealed class FrameRateCap(double? framesPerSecond)
{
    // A quarter of the distance is forgiven, so that 29.97 passes a cap of 30 whole.
    private const double Forgiven = 0.25;

    // Long enough for any pattern of kept and left out pictures to repeat.
    private const int PicturesTried = 240;

    private double _nextDue = double.NegativeInfinity;

    /// <summary>Where it stands, to go back to.</summary>
    public double Mark => _nextDue;

    /// <summary>Goes back to where it stood, to see the pictures since then again.</summary>
    public void Return(double mark) => _nextDue = mark;

    public bool Keeps(LadderPicture picture) => Keeps(SecondsOf(picture), picture.StartsChunk || picture.IsDiscontinuity);

    /// <summary>Ticks for which the picture that was kept just now is shown: until the next one kept, if they go on coming as this one did.</summary>
    public int TicksOf(LadderPicture kept)
    {
        int ticks = kept.Timing.Duration;
        if (framesPerSecond is not { } rate || ticks <= 0)
        {
            return ticks;
        }

        double untilDue = _nextDue - (Forgiven / rate) - SecondsOf(kept);
        double pictures = Math.Ceiling((untilDue * kept.Source.Timescale / ticks) - 1e-6);
        return (int)Math.Min(int.MaxValue, ticks * Math.Max(1, pictures));
    }

    /// <summary>The usual distance of kept pictures, where the source's have the given one.</summary>
    public static int TicksBetween(double? framesPerSecond, int frameTicks, int timescale)
    {
        FrameRateCap cap = new(framesPerSecond);
        int kept = 0;
        for (int picture = 0; picture < PicturesTried; picture++)
        {
            kept += cap.Keeps((double)picture * frameTicks / timescale, always: false) ? 1 : 0;
        }

        return (int)Math.Min(int.MaxValue, Math.Round((double)frameTicks * PicturesTried / kept));
    }

    /// <summary>How long the kept pictures last, where the source's last as given.</summary>
    public static FrameCadence CadenceOf(double? framesPerSecond, FrameCadence source)
    {
        FrameRateCap cap = new(framesPerSecond);
        int[] kept = [.. Enumerable.Range(0, PicturesTried).Where(picture => cap.Keeps(picture * source.Seconds, always: false))];
        int[] distances = [.. kept.Skip(1).Zip(kept, static (later, earlier) => later - earlier)];
        double spread = (distances.Max() - distances.Min()) * source.Seconds;
        return new FrameCadence(distances.Average() * source.Seconds, source.SpreadSeconds + spread);
    }

    private static double SecondsOf(LadderPicture picture) => (double)picture.PresentationTime / picture.Source.Timescale;

    private bool Keeps(double seconds, bool always)
    {
        if (framesPerSecond is not { } rate)
        {
            return true;
        }

        bool due = seconds >= _nextDue - (Forgiven / rate);
        if (!due && !always)
        {
            return false;
        }

        _nextDue = Math.Max(seconds, double.IsNegativeInfinity(_nextDue) || !due ? seconds : _nextDue) + (1 / rate);
        return true;
    }
}
