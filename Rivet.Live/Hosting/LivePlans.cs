using Rivet.Live.Configuration;
using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Ingest;
using Rivet.Live.Core.Ladder;
using Rivet.Live.Core.Pipeline;

namespace Rivet.Live.Hosting;

/// <summary>Settings become the plan that the pipeline executes: the only place that knows both.</summary>
internal static class LivePlans
{
    public static LivePlan Of(LiveSettings settings) => new()
    {
        Ladder = [.. settings.Ladder.Renditions.Select(static rendition =>
            new Rendition(rendition.Name, rendition.Height, rendition.VideoBitrateBps, rendition.MaxFrameRate))],
        SourceListing = settings.Ladder.Source switch
        {
            SourceRendition.Always => SourceListing.Always,
            SourceRendition.Never => SourceListing.Never,
            _ => SourceListing.Auto,
        },
        EncoderPreset = settings.Encoding.Tier switch
        {
            EncodingTier.Draft => "ultrafast",
            EncodingTier.Archive => "medium",
            _ => "veryfast",
        },
        IngestLimits = IngestLimits.Default with { MaxFragmentBytes = settings.Ingest.MaxFragmentBytes },
        IdleLimit = settings.Ingest.Idle,
        StallPatience = settings.Ingest.Stall,
        ReconnectWithin = settings.Ingest.Reconnect,
        BroadcastsMax = settings.Ingest.MaxBroadcasts,
        PartSeconds = settings.Hls.Part.TotalSeconds,
        SegmentSeconds = settings.Hls.Segment.TotalSeconds,
        WindowSeconds = settings.Hls.Window.TotalSeconds,
        SpillDirectory = settings.Hls.SpillDirectory,
        KeepEnded = settings.Hls.KeepEnded,
        KeepStats = settings.Stats.KeepEnded,
    };
}
