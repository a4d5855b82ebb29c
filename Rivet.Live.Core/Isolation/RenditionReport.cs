using Rivet.Live.Core.Drains;

namespace Rivet.Live.Core.Isolation;

/// <summary>How a rendition is doing, as its child sees it.</summary>
internal sealed record RenditionReport(RenditionState State, bool IsShed, string? Encoder, string? Device, int QueuedChunks)
{
    /// <summary>Counted since the report before.</summary>
    public RenditionCounters Counted { get; init; }

    /// <summary>Milliseconds of each picture in scaler and encoder, since the report before.</summary>
    public IReadOnlyList<double> EncodeMilliseconds { get; init; } = [];
}
