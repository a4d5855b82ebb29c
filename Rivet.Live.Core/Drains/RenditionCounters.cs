namespace Rivet.Live.Core.Drains;

/// <summary>What a transcoder has counted of its work so far, beside what it published; see <see cref="RenditionProgress"/>.</summary>
/// <param name="FramesDecoded">Pictures.</param>
/// <param name="FramesDropped">Pictures.</param>
/// <param name="FramesDuplicated">Pictures.</param>
/// <param name="ChunksEncoded">Chunks.</param>
/// <param name="ChunksHelped">Chunks.</param>
/// <param name="ChunksRequeued">Chunks.</param>
/// <param name="EncoderRestarts">Encoders.</param>
/// <param name="Failovers">Devices that took over.</param>
/// <param name="LeaseWaitSeconds">Waiting for a device.</param>
/// <param name="MediaSeconds">Media that was encoded.</param>
/// <param name="BusySeconds">Scaling and encoding it.</param>
internal readonly record struct RenditionCounters(
    long FramesDecoded,
    long FramesDropped,
    long FramesDuplicated,
    long ChunksEncoded,
    long ChunksHelped,
    long ChunksRequeued,
    long EncoderRestarts,
    long Failovers,
    double LeaseWaitSeconds,
    double MediaSeconds,
    double BusySeconds)
{
    /// <summary>What was counted since.</summary>
    public static RenditionCounters operator -(in RenditionCounters now, in RenditionCounters before) => new(
        now.FramesDecoded - before.FramesDecoded,
        now.FramesDropped - before.FramesDropped,
        now.FramesDuplicated - before.FramesDuplicated,
        now.ChunksEncoded - before.ChunksEncoded,
        now.ChunksHelped - before.ChunksHelped,
        now.ChunksRequeued - before.ChunksRequeued,
        now.EncoderRestarts - before.EncoderRestarts,
        now.Failovers - before.Failovers,
        now.LeaseWaitSeconds - before.LeaseWaitSeconds,
        now.MediaSeconds - before.MediaSeconds,
        now.BusySeconds - before.BusySeconds);
}
