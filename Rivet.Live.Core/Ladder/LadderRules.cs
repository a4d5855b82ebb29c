using Rivet.Live.Core.Broadcast;

namespace Rivet.Live.Core.Ladder;

/// <summary>What the ladder of every broadcast is told to do.</summary>
internal sealed record LadderRules
{
    /// <summary>All renditions; those above a source's height are left out for that source.</summary>
    public required IReadOnlyList<Rendition> Renditions { get; init; }

    public FeedLimits Limits { get; init; } = FeedLimits.Live;

    public EncoderFallback Fallback { get; init; } = EncoderFallback.Software;

    /// <summary>Where renditions go on that were published before, by name; a rendition that is not among them begins.</summary>
    public IReadOnlyDictionary<string, RenditionResume> Resumes { get; init; } = new Dictionary<string, RenditionResume>();

    /// <summary>Takes a broadcast's thumbnails, each a JPEG. Must not wait.</summary>
    public Action<BroadcastSession, byte[]> ThumbnailMade { get; init; } = static (_, _) => { };

    /// <summary>Ends a broadcast, where <see cref="EncoderFallback.Fail"/> wants that. Must not wait.</summary>
    public Action<BroadcastSession> EndBroadcast { get; init; } = static _ => { };
}
