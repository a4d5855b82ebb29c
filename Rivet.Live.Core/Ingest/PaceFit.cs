namespace Rivet.Live.Core.Ingest;

/// <summary>
/// Whether media comes in real time: a line through when it came, over at most ten minutes. Of each second only what was least late counts, since a
/// network holds up and never hurries.
/// </summary>
/// <remarks>A clock that is off by a thousandth shows after four minutes; real ones are off by a ten-thousandth and never do.</remarks>
internal sealed class PaceFit
{
    /// <summary>What an encoder took while it started comes at once: that says nothing of its clock.</summary>
    private const double SettleSeconds = 2;

    private const double ShortestSeconds = 6;
    private const int SecondsKept = 600;

    /// <summary>What adds up to less may be the network's doing.</summary>
    private const double AddsUpSeconds = 0.24;

    /// <summary>What strays from the line by more than this part of what added up is no line: a stall, or media that was left out.</summary>
    private const double StrayMax = 0.1;

    private readonly Queue<(double At, double Lead)> _seconds = new();
    private double? _began;
    private long _second;
    private (double At, double Lead)? _least;

    /// <summary>A fragment came.</summary>
    /// <param name="at">When its last byte did, in seconds.</param>
    /// <param name="end">Where its media ends, in seconds.</param>
    public void Add(double at, double end)
    {
        _began ??= at;
        if (at - _began < SettleSeconds)
        {
            return;
        }

        (double At, double Lead) seen = (at, end - at);
        if (_least is { } least && (long)at == _second)
        {
            _least = seen.Lead > least.Lead ? seen : least;
            return;
        }

        if (_least is { } whole)
        {
            _seconds.Enqueue(whole);
        }

        if (_seconds.Count > SecondsKept)
        {
            _seconds.Dequeue();
        }

        (_second, _least) = ((long)at, seen);
    }

    /// <summary>What came before says nothing of what follows.</summary>
    public void Forget()
    {
        _seconds.Clear();
        (_began, _least) = (null, null);
    }

    /// <summary>Seconds of media for each second that passed; null while that may well be one.</summary>
    public double? Read()
    {
        double span = _seconds.Count < 3 ? 0 : _seconds.Last().At - _seconds.Peek().At;
        if (span < ShortestSeconds)
        {
            return null;
        }

        double middle = _seconds.Average(static second => second.At);
        double level = _seconds.Average(static second => second.Lead);
        double slope = _seconds.Sum(second => (second.At - middle) * (second.Lead - level)) / _seconds.Sum(second => Math.Pow(second.At - middle, 2));
        double stray = Math.Sqrt(_seconds.Average(second => Math.Pow(second.Lead - level - (slope * (second.At - middle)), 2)));
        double added = Math.Abs(slope) * span;
        return added >= AddsUpSeconds && stray <= StrayMax * added ? 1 + slope : null;
    }
}
