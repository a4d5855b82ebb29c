using Rivet.Live.Bench.Viewers;

namespace Rivet.Live.Bench.Ingest;

/// <summary>So many publishers at once.</summary>
/// <param name="Publishers">How many.</param>
/// <param name="Parts">When parts came, of all broadcasts that are watched, behind the time at which their publisher should have sent them.</param>
/// <param name="LateShare">Of these, how many came more than half a part later than with few publishers; 1 where a publisher was thrown out.</param>
/// <param name="ServerCores">CPU seconds of the server per second.</param>
/// <param name="OwnCores">Of the publishers and viewers.</param>
/// <param name="OthersCores">Of everything else on the machine.</param>
/// <param name="Megabytes">The server's.</param>
internal sealed record HeldRow(
    int Publishers, PartWaits Parts, double LateShare, double ServerCores, double OwnCores, double OthersCores, double Megabytes)
{
    /// <summary>With more of them late, so many are not held.</summary>
    private const double LateShareMax = 0.01;

    public bool IsHeld => LateShare <= LateShareMax;

    /// <summary>Everybody's.</summary>
    public double BusyCores => ServerCores + OwnCores + OthersCores;
}
