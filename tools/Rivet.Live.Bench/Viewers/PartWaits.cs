namespace Rivet.Live.Bench.Viewers;

/// <summary>When a playlist's parts came.</summary>
/// <param name="Name">Of the playlist.</param>
/// <param name="Waits">Milliseconds from the publisher's last byte to the viewer's, the shortest first.</param>
internal sealed record PartWaits(string Name, double[] Waits)
{
    /// <summary>The wait below which the fraction lies.</summary>
    public double Quantile(double fraction) => Waits[(int)Math.Min(Waits.Length - 1, Waits.Length * fraction)];
}
