namespace Rivet.Live.Core.Ladder;

/// <summary>Leaves pictures out so that no more than a given number a second remain. Chunk starts always stay.</summary>
internal sealed class FrameRateCap(double? framesPerSecond)
{
    private double _nextDue = double.NegativeInfinity;

    public bool Keeps(LadderPicture picture)
    {
        if (framesPerSecond is not { } rate)
        {
            return true;
        }

        double seconds = (double)picture.PresentationTime / picture.Source.Timescale;
        // A quarter of the distance is forgiven, so that 29.97 passes a cap of 30 whole.
        bool due = seconds >= _nextDue - (0.25 / rate);
        if (!due && !picture.StartsChunk && !picture.IsDiscontinuity)
        {
            return false;
        }

        _nextDue = Math.Max(seconds, double.IsNegativeInfinity(_nextDue) || !due ? seconds : _nextDue) + (1 / rate);
        return true;
    }
}
