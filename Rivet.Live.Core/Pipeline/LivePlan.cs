using Rivet.Live.Core.Demuxing;
using Rivet.Live.Core.Devices;
using Rivet.Live.Core.Encoding;
using Rivet.Live.Core.Hls;
using Rivet.Live.Core.Isolation;
using Rivet.Live.Core.Ladder;

namespace Rivet.Live.Core.Pipeline;

/// <summary>What the operator asked for, as the pipeline executes it. Checked before it gets here; never changes.</summary>
internal sealed record LivePlan
{
    /// <summary>All renditions that broadcasts begin with, until others are told; those above a source's height are left out for that source.</summary>
    public required IReadOnlyList<Rendition> Ladder { get; init; }

    /// <summary>When the publisher's own video is offered.</summary>
    public SourceListing SourceListing { get; init; } = SourceListing.Auto;

    /// <summary>Which devices encode, and how many at once.</summary>
    public DevicePlan Devices { get; init; } = new();

    /// <summary>What happens to a rendition that none of them encodes any more.</summary>
    public EncoderFallback Fallback { get; init; } = EncoderFallback.Software;

    /// <summary>What gives way where the devices do not keep real time.</summary>
    public LadderOverload Overload { get; init; } = LadderOverload.Shed;

    /// <summary>How ladders run in processes of their own; null keeps them in the server's.</summary>
    public IsolationPlan? Isolation { get; init; }

    /// <summary>How well they encode.</summary>
    public EncoderTuning Tuning { get; init; } = new();

    /// <summary>Threads that one encoder may have at most; small pictures take one.</summary>
    public int EncoderThreadsMax { get; init; } = Environment.ProcessorCount;

    /// <summary>What publishers may make us hold, and wait.</summary>
    public IngestLimits IngestLimits { get; init; } = IngestLimits.Default;

    /// <summary>Media that is later than this, beyond what it lately was, is told as absent.</summary>
    public TimeSpan StallPatience { get; init; } = TimeSpan.FromSeconds(0.8);

    /// <summary>How long a broadcast waits for a publisher whose connection broke.</summary>
    public TimeSpan ReconnectWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Part target, in seconds.</summary>
    public double PartSeconds { get; init; } = 0.5;

    /// <summary>Wanted segment duration, in seconds.</summary>
    public double SegmentSeconds { get; init; } = 2;

    /// <summary>Media that stays listed, in seconds.</summary>
    public double WindowSeconds { get; init; } = 60;

    /// <summary>Where segments go that are no longer hot; null keeps the whole window in memory.</summary>
    public string? SpillDirectory { get; init; }

    /// <summary>Where broadcasts are recorded whose publishers want it; null records nothing.</summary>
    public string? RecordingDirectory { get; init; }

    /// <summary>How long an ended broadcast can still be played.</summary>
    public TimeSpan KeepEnded { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an ended broadcast's stats can still be read.</summary>
    public TimeSpan KeepStats { get; init; } = TimeSpan.FromSeconds(600);
}
