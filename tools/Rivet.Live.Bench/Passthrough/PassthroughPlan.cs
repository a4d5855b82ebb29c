namespace Rivet.Live.Bench.Passthrough;

/// <summary>When things happen in one measurement, the same for both sides.</summary>
/// <param name="Seconds">Length of the measured span.</param>
internal sealed record PassthroughPlan(int Seconds)
{
    private const double SpreadSeconds = 2;
    private const int SettleSeconds = 10;

    /// <summary>Media that each publisher must have: what happens before the span, the span, and some to spare on a busy machine.</summary>
    public int MediaSeconds => (int)SpreadSeconds + SettleSeconds + Seconds + 15;

    /// <summary>Waits between one broadcast's start and the next, so that their fragments do not come all at once.</summary>
    public static Task SpreadAsync(int broadcasts) => Task.Delay(TimeSpan.FromSeconds(SpreadSeconds / broadcasts), TimeProvider.System);

    /// <summary>Waits until everything has started and what .NET compiles again for speed is compiled.</summary>
    public static Task SettleAsync() => Task.Delay(TimeSpan.FromSeconds(SettleSeconds), TimeProvider.System);
}
