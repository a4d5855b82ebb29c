using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Media;

namespace Rivet.Live.Core.Isolation;

/// <summary>Everything that a child has to know to run one broadcast's ladder.</summary>
internal sealed record LadderOrder
{
    public required BroadcastId Broadcast { get; init; }

    public required IReadOnlyList<Rendition> Renditions { get; init; }

    public required FeedLimits Limits { get; init; }

    public required EncoderFallback Fallback { get; init; }

    public required EncoderTuning Tuning { get; init; }

    public required int EncoderThreadsMax { get; init; }

    /// <inheritdoc cref="IsolationPlan.CallMax"/>
    public required TimeSpan CallMax { get; init; }

    public required DeviceOrder Devices { get; init; }

    /// <summary>Where renditions go on that another child has published before; empty for the first.</summary>
    public required IReadOnlyDictionary<string, RenditionResume> Resumes { get; init; }

    /// <summary>Renditions that give way for now.</summary>
    public required IReadOnlyList<string> Shed { get; init; }
}
