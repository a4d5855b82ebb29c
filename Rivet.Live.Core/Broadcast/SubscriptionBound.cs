namespace Rivet.Live.Core.Broadcast;

/// <summary>How far one reader may fall behind before it loses fragments.</summary>
/// <param name="Seconds">Media that may wait, beside the newest fragment, in seconds.</param>
/// <param name="Fragments">Fragments that may wait, for tracks that send one per sample.</param>
public readonly record struct SubscriptionBound(double Seconds, int Fragments)
{
    /// <summary>Ten seconds: longer than any stall that a live player survives; 1024 fragments are ten seconds at 100 per second.</summary>
    public static SubscriptionBound Default { get; } = new(10, 1024);
}
