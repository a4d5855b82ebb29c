namespace Rivet.Live.Bench.Viewers;

/// <summary>What thousands of waiting viewers met.</summary>
/// <param name="Viewers">How many.</param>
/// <param name="PartSeconds">The part target.</param>
/// <param name="Seconds">The measured span.</param>
/// <param name="Failed">Viewers that were not answered, or wrongly.</param>
/// <param name="Error">What the first of them met, at the shutdown too; null: none did.</param>
internal sealed record WaitingFigures(int Viewers, double PartSeconds, double Seconds, int Failed, string? Error)
{
    /// <summary>Milliseconds from the publisher's last byte of a part to a viewer's last byte of the playlist that lists it, ascending.</summary>
    internal required float[] Waits { get; init; }

    public int Answers => Waits.Length;

    public double P50Milliseconds => At(0.5);

    public double P99Milliseconds => At(0.99);

    public double MaxMilliseconds => At(1);

    /// <summary>Parts that the viewer with the fewest was told of.</summary>
    public required int FewestAnswers { get; init; }

    public required double ServerCores { get; init; }

    /// <summary>The server's memory for one viewer.</summary>
    public required double KibibytesEach { get; init; }

    /// <summary>A bare Kestrel's memory for one connection that only stays.</summary>
    public required double BareKibibytesEach { get; init; }

    /// <summary>Viewers that were waiting when the server was told to stop, and were answered with the end.</summary>
    public required int SawTheEnd { get; init; }

    private double At(double share) => Waits.Length == 0 ? double.NaN : Waits[Math.Min(Waits.Length - 1, (int)(share * Waits.Length))];
}
